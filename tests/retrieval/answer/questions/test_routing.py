"""What kind a question is of, and which videos it names."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.questions.routing import Route, route_of, subject_of, videos_named
from tests.fakes import video

SURE_SUMMARIES: list[tuple[str, str | None]] = [
    ("Summarise the town hall.", "town hall"),
    ("Summarize this video", "video"),
    ("summarise it", None),
    ("Please summarize the kick-off meeting for me", "kick-off meeting"),
    ("Can you summarise the second quarter all-hands?", "second quarter all-hands"),
    ("Could you please sum up the talk about lightning?", "talk about lightning"),
    ("sum it up", None),
    ("Sum up everything in three sentences", None),
    ("I'd like you to summarise the lecture in five bullet points", "lecture"),
    ("How would you summarise the workshop?", "workshop"),
    ("Recap the meeting, please", "meeting"),
    ("What is this about?", None),
    ("What's this video about?", "video"),
    ("what is it about", None),
    ("What is it all about?", None),
    ("What is the sourdough video about?", "sourdough video"),
    ("What is the talk about thunder about?", "talk about thunder"),
    ("What was the kick-off meeting about?", "kick-off meeting"),
    ("What were the town halls about?", "town halls"),
    ("What are these videos about?", None),
    ("what's the Vasa documentary about?", "Vasa documentary"),
    ("What is the whole library about?", None),
    ("Give me an overview of the kick-off meeting", "kick-off meeting"),
    ("Give me a brief summary of the lecture on congestion control",
     "lecture on congestion control"),
    ("I need a quick recap of the all-hands", "all-hands"),
    ("Can I have a short summary of this talk?", "talk"),
    ("Write a two-sentence summary of the webinar", "webinar"),
    ("Summary of the town hall", "town hall"),
    ("tl;dr", None),
    ("TLDR?", None),
    ("tl;dr of the lecture", "lecture"),
    ("key takeaways", None),
    ("Key takeaways from the workshop?", "workshop"),
    ("What are the key takeaways?", None),
    ("What are the main points of the lecture?", "lecture"),
    ("main points of the kickoff meeting", "kickoff meeting"),
    ("What are the most important points from the committee hearing?", "committee hearing"),
    ("List the main topics of the meeting", "meeting"),
    ("Give me the highlights of the town hall", "town hall"),
    ("What's the gist of the talk?", "talk"),
    ("What is the main idea of this presentation?", "presentation"),
    ("What is the purpose of the video?", "video"),
    ("What does this video cover?", "video"),
    ("What does the TCP lecture talk about?", "TCP lecture"),
    ("What was discussed in the kick-off meeting?", "kick-off meeting"),
    ("What did they talk about in the town hall?", "town hall"),
    ("What do they discuss in the speech group meeting?", "speech group meeting"),
    ("What topics are covered in the lecture?", "lecture"),
    ("Which topics did they discuss in the meeting?", "meeting"),
    ("What happened in the incident review meeting?", "incident review meeting"),
    ("What did I miss in the town hall?", "town hall"),
    ("Catch me up on the weekly meeting", "weekly meeting"),
    ("Bring me up to speed", None),
    ("Tell me about the sash window workshop", "sash window workshop"),
    ("Walk me through the video", "video"),
    ("an overview of the talk on sailing, please", "talk on sailing"),
    ("I missed it yesterday. Can you summarise the meeting?", "meeting"),
    ("Summarise what was said in the town hall", "town hall"),
    ("Worum geht es?", None),
    ("Worum geht es in dem Video?", "Video"),
    ("Worum geht's hier?", None),
    ("Wovon handelt der Vortrag?", "Vortrag"),
    ("Fasse das Video zusammen", "Video"),
    ("Fasse bitte die Besprechung kurz zusammen.", "Besprechung"),
    ("Kannst du das Video zusammenfassen?", "Video"),
    ("Résume la vidéo", "vidéo"),
    ("Résumez cette conférence, s'il vous plaît", "conférence"),
    ("De quoi parle cette vidéo ?", "vidéo"),
    ("De quoi s'agit-il ?", None),
    ("¿De qué trata?", None),
    ("¿De qué trata este vídeo?", "vídeo"),
    ("Resume el vídeo", "vídeo"),
    ("Hazme un resumen de la charla", "charla"),
]  # fmt: skip

UNSURE_SUMMARIES: list[tuple[str, str]] = [
    ("What is sourdough about?", "sourdough"),
    ("Summarise Why the Vasa sank", "Why the Vasa sank"),
    ('Summarise "Why the Vasa sank"', "Why the Vasa sank"),
    ("Give me an overview of congestion control", "congestion control"),
    ("What are the main points of the argument?", "argument"),
    ("Summarise the incident review", "incident review"),
    ("Sum up the values in the second column", "values in the second column"),
    ("What was Marit worried about?", "Marit worried"),
    ("What was the discussion about?", "discussion"),
    ("What is the new working group about?", "new working group"),
    ("Summarise the town hall and tell me when it was", "town hall and tell me when it was"),
    ("What's the main idea of the proof?", "proof"),
]

MENTIONS = [
    ("Which talks mention thunder?", "thunder"),
    ("which videos talk about the starter", "the starter"),
    ("Which of the recordings discuss hiring?", "hiring"),
    ("What videos cover layer masks?", "layer masks"),
    ("Which meetings are about the kitchen scale?", "the kitchen scale"),
    ("Which lecture explains slow start?", "slow start"),
    ("In which meetings was the budget discussed?", "the budget"),
    ("In which videos is salt mentioned?", "salt"),
    ("in which talk do they mention the lightning rod?", "the lightning rod"),
    ("In what episodes did she talk about Lisbon?", "Lisbon"),
    ("In which videos can I learn about knots?", "knots"),
    ("Where is the lightning rod mentioned?", "the lightning rod"),
    ("Where do they talk about sourdough?", "sourdough"),
    ("Where was the budget discussed?", "the budget"),
    ("Where in my library do they mention solar charging?", "solar charging"),
    ("List the videos about layers", "layers"),
    ("List all videos that mention Lisbon", "Lisbon"),
    ("Show me all recordings on congestion control", "congestion control"),
    ("Find every video about fonts", "fonts"),
    ("Find videos where they talk about hiring", "hiring"),
    ("Give me a list of talks that discuss ECN", "ECN"),
    ("Show me the video about sourdough", "sourdough"),
    ("Find me meetings in which the deadline was discussed", "the deadline"),
    ("Find all mentions of lead paint", "lead paint"),
    ("Every mention of BBR, please", "BBR"),
    ("All the places where parental leave is mentioned", "parental leave"),
    ("Is there a video about bread?", "bread"),
    ("Are there any talks on lightning?", "lightning"),
    ("Do we have recordings that mention the outage?", "the outage"),
    ("Do you have any video about tacking?", "tacking"),
    ("How many videos mention the Vasa?", "the Vasa"),
    ("Can you tell me which meetings mention Portugal?", "Portugal"),
    ("any talks about storms?", "storms"),
    ("videos about storms", "storms"),
    ("Could you list the lectures that deal with queues?", "queues"),
    ("Which town hall addressed parental leave?", "parental leave"),
    ("Which videos mention it?", "it"),
    ("Welche Videos erwähnen Salz?", "Salz"),
    ("In welchen Videos wird das Budget besprochen?", "das Budget"),
    ("In welchen Videos geht es um Gewitter?", "Gewitter"),
    ("Wo wird über Schichten gesprochen?", "Schichten"),
    ("Quelles vidéos parlent de la foudre ?", "foudre"),
    ("Dans quelles vidéos parle-t-on du sel ?", "sel"),
    ("Où parle-t-on du budget ?", "budget"),
    ("¿Qué vídeos mencionan la sal?", "sal"),
    ("¿En qué vídeos se habla de la tormenta?", "tormenta"),
]

MOMENTS = [
    "What are the main causes of thunder?",
    "What is this knot called?",
    "Can you sum up to 10 numbers?",
    "Sum up to ten",
    "What does the summary slide say?",
    "How do I write a summary?",
    "How do I summarise data in a table?",
    "How long does the loaf bake?",
    "What is sourdough?",
    "What is thunder?",
    "Who mentions salt?",
    "Who talks about the budget?",
    "When do they mention salt?",
    "When is the next meeting?",
    "Where is the next meeting?",
    "Where does the talk take place?",
    "Where do I find the layers panel?",
    "Where is the blurry area covered?",
    "Where in the video does she tie the knot?",
    "Which meeting was cancelled?",
    "Which videos are longer than an hour?",
    "Which talk was the best?",
    "Which videos do not mention salt?",
    "How many recordings need new signatures?",
    "How many people came to the meeting?",
    "How many meetings were cancelled?",
    "What time is the meeting?",
    "What did she say about the meeting?",
    "What was decided in the meeting?",
    "What was said about salt in the lecture?",
    "What was said in the meeting about solar charging?",
    "What happened in the meeting when the cake came?",
    "What happened after the meeting?",
    "What happened in the freezer tests?",
    "What did Marit say in the town hall about Lisbon?",
    "What did he say in the end?",
    "What is the main difference between an embedded and a linked smart object?",
    "What is the main menu?",
    "What is the main complaint about the fee?",
    "What is the key to a good crust?",
    "What are the three points of the triangle?",
    "What points were deducted?",
    "What is the topic of his thesis?",
    "What topic has Lorcan chosen for his master's thesis?",
    "What is the purpose of the lid?",
    "What is the subject of the experiment?",
    "What is special about the crust?",
    "What's different about embedding and linking?",
    "What is good about using a smart filter?",
    "What is it about the wood that made it last?",
    "What do they think about the name?",
    "Tell me about salt",
    "Tell me about the starter",
    "What about the salt?",
    "How about the oven?",
    "What does the video say about salt?",
    "What does the lecture say about queues?",
    "Who will lead the new working group, what is it about and when does it report?",
    "Was the meeting about the budget?",
    "Is there a meeting on Monday?",
    "Are there any lectures on Friday?",
    "Is there a video card in it?",
    "Is salt mentioned?",
    "Does anybody mention penguins?",
    "Do we have a meeting with the buyer?",
    "Have we got enough flour?",
    "List some default shapes",
    "List the ingredients",
    "Show me how to crop a photo",
    "Show me the moment where the sails tear",
    "Find the layer",
    "Give me an example",
    "Give me the idea behind the proof",
    "Give me the number of cannons",
    "Can you provide a tutorial on the content aware tool?",
    "What shape was made in the video?",
    "What word did the person talking add to the design?",
    "Why can't animation be used in this video?",
    "Do you know about the photoshop format options?",
    "How would I go about recording commands?",
    "Resume the recording",
    "How do I resume a download?",
    "Why is the outline grey?",
    "Outline of the shape is blurry, why?",
    "Recapitulate theorem four step by step",
    "What does the abstract of the paper claim?",
    "Which overview map do they use?",
    "Who presented the results?",
    "Was kostet das Mehl?",
    "Worum bat der Kapitän den König?",
    "Wo liegt das Wrack?",
    "Welche Farbe hat das Schiff?",
    "Quelle est la température du four ?",
    "Où est le sel ?",
    "¿Dónde está la sal?",
    "¿Qué temperatura tiene el horno?",
    "",
    "?",
    "🙂",
]


@pytest.mark.parametrize(("question", "title"), SURE_SUMMARIES)
def test_a_summary(question: str, title: str | None) -> None:
    assert route_of(question) == Route("summary", title=title)


@pytest.mark.parametrize(("question", "title"), UNSURE_SUMMARIES)
def test_a_summary_only_if_a_video_is_called_that(question: str, title: str) -> None:
    assert route_of(question) == Route("summary", title=title, sure=False)


@pytest.mark.parametrize(("question", "about"), MENTIONS)
def test_mentions(question: str, about: str) -> None:
    assert route_of(question) == Route("mentions", about=about)


@pytest.mark.parametrize("question", MOMENTS)
def test_a_moment(question: str) -> None:
    assert route_of(question) == Route("moment")


def test_case_and_marks_do_not_matter() -> None:
    for question, title in SURE_SUMMARIES:
        route = route_of(f"  {question.upper().rstrip('.?!')} ")
        assert (route.kind, (route.title or "").casefold()) == ("summary", (title or "").casefold())


LIBRARY = [
    video("scale2", "Smart kitchen scale project - detailed design meeting"),
    video("scale1", "Smart kitchen scale project - kick-off meeting"),
    video("speech", "Speech group weekly meeting"),
    video("tcp", "Computer networks, lecture 14: congestion control in TCP"),
    video("q1", "Fennimark all-hands, first quarter results and staff questions"),
    video("q2", "Fennimark all-hands, second quarter results and staff questions"),
    video("window", "Bringing a hundred-year-old sash window back to life, start to finish"),
    video("vasa", "Why the Vasa sank"),
    video("storm", "Lightning and thunder"),
    video("storms", "Lightning and thunder, part two"),
    video("clip", "GOPR0815.MP4"),
    video("none", ""),
]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("kick-off meeting", ["scale1"]),
        ("kickoff", ["scale1"]),
        ("the kick off meeting", ["scale1"]),
        ("scale meetings", ["scale2", "scale1"]),
        ("meeting", ["scale2", "scale1", "speech"]),
        ("town halls", ["q1", "q2"]),
        ("all-hands", ["q1", "q2"]),
        ("second quarter town hall", ["q2"]),
        ("Fennimark's second all hands", ["q2"]),
        ("lecture", ["tcp"]),
        ("lecture on congestion control", ["tcp"]),
        ("TCP video", ["tcp"]),
        ("sash windows", ["window"]),
        ("talk about thunder", ["storm", "storms"]),
        ("Lightning and thunder", ["storm"]),
        ("lightning and thunder, part two", ["storms"]),
        ("Vasa documentary", ["vasa"]),
        ("why the Vasa sank", ["vasa"]),
        ("gopr0815", ["clip"]),
        ("video", []),
        ("penguin documentary", []),
        ("Vasa and penguins", []),
        ("", []),
        ("the of", []),
        ("🙂", []),
    ],
)
def test_videos_are_named_by_words_of_their_titles(words: str, named: list[str]) -> None:
    assert videos_named(words, LIBRARY) == named


def test_no_video_is_named_in_an_empty_library() -> None:
    assert videos_named("town hall", []) == []


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("video", ""),
        ("meeting", ""),
        ("the lecture", ""),
        ("Vortrag", ""),
        ("whole video", ""),
        ("", ""),
        ("Vasa video", "vasa"),
        ("talk about thunder", "about thunder"),
        ("kick-off meeting", "kickoff"),
        ("town hall", "allhands"),
    ],
)
def test_what_words_say_of_a_recording(words: str, subject: str) -> None:
    assert subject_of(words) == subject


def test_the_questions_of_this_repository_are_about_moments() -> None:
    """Each asks for something that is said at one place, or is said nowhere."""
    data = Path(__file__).parents[4] / "eval" / "data"
    asked = [*(data / "foreign_questions.txt").read_text("utf-8").splitlines()]
    for name in ("demo", "recordings"):
        rows = (data / name / "questions.jsonl").read_text("utf-8").splitlines()
        asked += [json.loads(row)["question"] for row in rows]
    assert len(asked) > 500
    assert [question for question in asked if route_of(question).kind != "moment"] == []


@given(st.text(max_size=200))
def test_any_text_has_a_kind(question: str) -> None:
    route = route_of(question)
    assert route.kind in ("moment", "summary", "mentions")
    assert (route.about is not None) == (route.kind == "mentions")
    assert route.title is None or route.kind == "summary"
    videos_named(question, LIBRARY)


@pytest.mark.parametrize(
    "question",
    [
        "what is " + "the about " * 200 + "about it",
        "summarise " + "the talk about " * 130,
        "which videos " + "mention " * 240,
        "in which videos " + "is mentioned " * 150 + "x",
        "what was said in " + "the the meeting " * 120 + ".",
        "please " * 280,
        '"' * 2000,
    ],
)
def test_a_question_of_any_shape_takes_no_time(question: str) -> None:
    started = time.process_time()
    route_of(question[:2000])
    videos_named(question[:2000], LIBRARY)
    assert time.process_time() - started < 0.2
