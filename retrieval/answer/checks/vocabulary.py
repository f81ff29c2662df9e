"""Words that go with numbers, by language: units, comparators, months, days and the like.

The languages are those whose spelled-out numbers are read (text2num); symbols hold for all.
"""

from __future__ import annotations

from fractions import Fraction

ENGLISH = "en"
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "da")


def word_set(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


def _table(**lines: str) -> dict[str, str]:
    return {word: name for name, words in lines.items() for word in words.split()}


_SYMBOLS = _table(
    percent="% percent", celsius="celsius centigrade", fahrenheit="fahrenheit", kelvin="kelvin",
    degree="°", dollar="$ usd", euro="€ eur", pound="£ gbp", yen="¥ yen jpy",
    rupee="₹ rupee rupees",
    milligram="mg", gram="g gr", kilogram="kg kgs", pound_="lb lbs", ounce="oz",
    millimetre="mm", centimetre="cm", metre="m", kilometre="km kms", foot="ft", mile="mi",
    millilitre="ml", litre="l", second="s sec secs", minute="min mins", hour="h hr hrs",
    millisecond="ms", byte="byte bytes", kilobyte="kb", megabyte="mb", gigabyte="gb",
    terabyte="tb", pixel="px pixel pixels", hertz="hz hertz", kilohertz="khz", megahertz="mhz",
    gigahertz="ghz", watt="w watt watts", kilowatt="kw", volt="v volt volts", dpi="dpi",
    mph="mph", inch="″", fps="fps", bit="bit",
)  # fmt: skip
_WORDS = {
    "en": _table(
        second="second seconds", minute="minute minutes", hour="hour hours", day="day days",
        week="week weeks", month="month months", year="year years", decade="decade decades",
        century="century centuries", millisecond="millisecond milliseconds",
        gram="gram grams gramme grammes", kilogram="kilogram kilograms kilo kilos",
        milligram="milligram milligrams", pound="pound pounds", ounce="ounce ounces",
        ton="ton tons tonne tonnes", millimetre="millimeter millimeters millimetre millimetres",
        centimetre="centimeter centimeters centimetre centimetres",
        metre="meter meters metre metres", kilometre="kilometer kilometers kilometre kilometres",
        inch="inch inches", foot="foot feet", yard="yard yards", mile="mile miles",
        litre="liter liters litre litres", millilitre="milliliter milliliters millilitre "
        "millilitres", cup="cup cups", tablespoon="tablespoon tablespoons tbsp",
        teaspoon="teaspoon teaspoons tsp", gallon="gallon gallons", pint="pint pints",
        quart="quart quarts", degree="degree degrees", point="point points",
        dollar="dollar dollars buck bucks", euro="euro euros", cent="cent cents",
        penny="penny pence pennies", kilobyte="kilobyte kilobytes", megabyte="megabyte megabytes",
        gigabyte="gigabyte gigabytes", terabyte="terabyte terabytes", kilowatt="kilowatt "
        "kilowatts", kilohertz="kilohertz", megahertz="megahertz", gigahertz="gigahertz",
        times="times", acre="acre acres", hectare="hectare hectares", knot="knot knots",
    ),
    "de": _table(
        second="sekunde sekunden", minute="minute minuten", hour="stunde stunden",
        day="tag tage tagen", week="woche wochen", month="monat monate monaten",
        year="jahr jahre jahren", gram="gramm", kilogram="kilo kilos kilogramm", ton="tonne tonnen",
        millimetre="millimeter", centimetre="zentimeter", metre="meter metern",
        kilometre="kilometer kilometern", litre="liter litern", millilitre="milliliter",
        percent="prozent", degree="grad", euro="euro euros", dollar="dollar", cent="cent",
        oclock="uhr", times="mal", cup="tasse tassen", tablespoon="esslöffel el",
        teaspoon="teelöffel tl", pound="pfund",
    ),
    "fr": _table(
        second="seconde secondes", minute="minute minutes", hour="heure heures",
        day="jour jours journée", week="semaine semaines", month="mois",
        year="an ans année années", gram="gramme grammes", kilogram="kilo kilos kilogramme "
        "kilogrammes", millimetre="millimètre millimètres", ton="tonne tonnes",
        centimetre="centimètre centimètres", metre="mètre mètres",
        kilometre="kilomètre kilomètres", litre="litre litres", millilitre="millilitre millilitres",
        percent="pourcent", degree="degré degrés", euro="euro euros", dollar="dollar dollars",
        cent="centime centimes", times="fois", pound="livre livres",
    ),
    "es": _table(
        second="segundo segundos", minute="minuto minutos", hour="hora horas", day="día días",
        week="semana semanas", month="mes meses", year="año años", gram="gramo gramos",
        kilogram="kilo kilos kilogramo kilogramos", centimetre="centímetro centímetros",
        metre="metro metros", kilometre="kilómetro kilómetros", litre="litro litros",
        degree="grado grados", euro="euro euros", dollar="dólar dólares",
        cent="céntimo céntimos centavo centavos", times="veces", ton="tonelada toneladas",
    ),
    "pt": _table(
        second="segundo segundos", minute="minuto minutos", hour="hora horas", day="dia dias",
        week="semana semanas", month="mês meses", year="ano anos", gram="grama gramas",
        kilogram="quilo quilos quilograma quilogramas", centimetre="centímetro centímetros",
        metre="metro metros", kilometre="quilômetro quilômetros quilómetro quilómetros",
        litre="litro litros", degree="grau graus", euro="euro euros", dollar="dólar dólares",
        cent="cêntimo cêntimos centavo centavos", times="vezes", ton="tonelada toneladas",
    ),
    "it": _table(
        second="secondo secondi", minute="minuto minuti", hour="ora ore", day="giorno giorni",
        week="settimana settimane", month="mese mesi", year="anno anni", gram="grammo grammi",
        kilogram="chilo chili chilogrammo chilogrammi", centimetre="centimetro centimetri",
        metre="metro metri", kilometre="chilometro chilometri", litre="litro litri",
        degree="grado gradi", euro="euro", dollar="dollaro dollari", cent="centesimo centesimi",
        times="volte", ton="tonnellata tonnellate",
    ),
    "nl": _table(
        second="seconde seconden", minute="minuut minuten", hour="uur uren", day="dag dagen",
        week="week weken", month="maand maanden", year="jaar jaren", gram="gram",
        kilogram="kilo kilogram", centimetre="centimeter", metre="meter", kilometre="kilometer",
        litre="liter", percent="procent", degree="graad graden", euro="euro", dollar="dollar",
        cent="cent", times="keer maal", ton="ton",
    ),
    "da": _table(
        second="sekund sekunder", minute="minut minutter", hour="time timer", day="dag dage",
        week="uge uger", month="måned måneder", year="år", gram="gram", kilogram="kilo kilogram",
        metre="meter", kilometre="kilometer", litre="liter", percent="procent",
        degree="grad grader",
        euro="euro", dollar="dollar", times="gange",
    ),
}  # fmt: skip
UNITS = {code: _SYMBOLS | words for code, words in _WORDS.items()}
"""By language: a word or sign to its unit."""

SHORT_UNITS = word_set("g l m h s w v ms mb el tl mi bit min")
"""Units only after digits: elsewhere they are letters, or other words."""

CURRENCY_SIGNS = frozenset("$€£¥₹")
MONEY = frozenset({"dollar", "euro", "pound", "cent", "penny", "yen", "rupee"})
CHANGES = word_set(
    """
    rise rises rose risen fall falls fell fallen increase increases increased decrease decreases
    decreased grow grows grew grown drop drops dropped climb climbs climbed jump jumps jumped cut
    cuts raise raises raised lower lowers lowered reduce reduces reduced shrink shrinks shrank go
    goes went gone come comes came move moves moved up down
    """
)
"""With these it matters whether it is "to" or "by" a number."""

MONEY_WORDS = word_set(
    """
    price prices cost costs pay pays paid sell sells sold cheap money
    """
)
NO_ARTICLE = frozenset({"point", "degree", "times", "percent", "bit", "pixel", "byte", "oclock"})
"""Units that are no measure after "a": "a point"."""

SCALED: dict[str, tuple[str, Fraction]] = {
    "second": ("time", Fraction(1)), "minute": ("time", Fraction(60)),
    "hour": ("time", Fraction(3600)), "millisecond": ("time", Fraction(1, 1000)),
    "day": ("days", Fraction(1)), "week": ("days", Fraction(7)),
    "year": ("years", Fraction(1)), "decade": ("years", Fraction(10)),
    "century": ("years", Fraction(100)),
    "milligram": ("mass", Fraction(1, 1000)), "gram": ("mass", Fraction(1)),
    "kilogram": ("mass", Fraction(1000)),
    "millimetre": ("length", Fraction(1)), "centimetre": ("length", Fraction(10)),
    "metre": ("length", Fraction(1000)), "kilometre": ("length", Fraction(1_000_000)),
    "millilitre": ("volume", Fraction(1)), "litre": ("volume", Fraction(1000)),
    "pound_": ("pound", Fraction(1)),
}  # fmt: skip
"""Units that are so many of another: an hour is 60 minutes."""

_COMPARATORS = {
    "en": {
        "more": "more than|over|above|greater than|higher than|exceeding|upwards of|beyond|"
        "just over|well over|longer than|older than|in excess of",
        "at least": "at least|no less than|not less than|no fewer than|a minimum of|minimum",
        "less": "less than|under|below|fewer than|lower than|just under|well under|shorter than|"
        "younger than|smaller than",
        "at most": "up to|at most|no more than|not more than|a maximum of|maximum|as much as|"
        "as many as|a limit of|limited to",
        "about": "about|around|approximately|roughly|some|circa|ca|approx|or so|~|≈|something like",
        "almost": "almost|nearly|close to|not quite|nearing",
        "only": "only|just|merely|no more than just|a mere",
        "exactly": "exactly|precisely",
        "few": "a few|several|few|many|a couple|couple|a couple of|couple of",
        "another": "another|an extra|an additional|additional|extra",
    },
    "de": {
        "more": "mehr als|über", "at least": "mindestens|wenigstens", "less": "weniger als|unter",
        "at most": "bis zu|höchstens|maximal", "about": "etwa|ungefähr|rund|circa|ca",
        "almost": "fast|beinahe|knapp", "only": "nur|lediglich", "exactly": "genau",
        "few": "ein paar|mehrere|einige", "half": "halb",
    },
    "fr": {
        "more": "plus de|plus d", "at least": "au moins|au minimum", "less": "moins de|moins d",
        "at most": "jusqu'à|au plus|au maximum", "about": "environ|à peu près|autour de",
        "almost": "presque|près de", "only": "seulement", "exactly": "exactement",
        "few": "quelques|plusieurs",
    },
    "es": {
        "more": "más de", "at least": "al menos|por lo menos|como mínimo", "less": "menos de",
        "at most": "hasta|como máximo", "about": "unos|unas|aproximadamente|alrededor de|cerca de",
        "almost": "casi", "only": "solo|sólo|solamente", "exactly": "exactamente",
        "few": "varios|varias",
    },
    "pt": {
        "more": "mais de", "at least": "pelo menos|no mínimo", "less": "menos de",
        "at most": "até|no máximo", "about": "cerca de|aproximadamente|uns|umas",
        "almost": "quase", "only": "só|apenas|somente", "exactly": "exatamente",
    },
    "it": {
        "more": "più di|oltre", "at least": "almeno", "less": "meno di",
        "at most": "fino a|al massimo", "about": "circa", "almost": "quasi",
        "only": "solo|soltanto", "exactly": "esattamente",
    },
    "nl": {
        "more": "meer dan|boven", "at least": "minstens|ten minste", "less": "minder dan|onder",
        "at most": "tot|hoogstens|maximaal", "about": "ongeveer|rond|circa", "almost": "bijna",
        "only": "slechts|alleen|maar", "exactly": "precies", "few": "een paar|enkele",
        "half": "half",
    },
    "da": {
        "more": "mere end|over", "at least": "mindst", "less": "mindre end|under",
        "at most": "op til|højst", "about": "omkring|cirka", "almost": "næsten", "only": "kun",
    },
}  # fmt: skip
COMPARATORS = {
    code: {
        tuple(phrase.split()): kind for kind, line in kinds.items() for phrase in line.split("|")
    }
    for code, kinds in _COMPARATORS.items()
}
"""By language: the words before a number that say how exact it is."""

AFTER_COMPARATORS = {
    ("or", "more"): "at least", ("or", "longer"): "at least", ("and", "above"): "at least",
    ("or", "less"): "at most", ("or", "fewer"): "at most", ("at", "most"): "at most",
    ("or", "so"): "about", ("at", "least"): "at least", ("tops",): "at most", ("+",): "at least",
    ("maximum",): "at most", ("minimum",): "at least", ("ish",): "about",
    ("or", "under"): "at most", ("or", "over"): "at least", ("oder", "mehr"): "at least",
    ("oder", "weniger"): "at most", ("et", "demie"): "half", ("et", "demi"): "half",
    ("y", "media"): "half", ("y", "medio"): "half", ("e", "meia"): "half", ("e", "meio"): "half",
    ("e", "mezza"): "half", ("e", "mezzo"): "half", ("ou", "plus"): "at least",
    ("ou", "moins"): "at most",
}  # fmt: skip
SPEECH_BEFORE_ABOUT = word_set(
    """
    talk talks talked talking know knows knew think thinks thought ask asks asked tell tells
    told learn learns learned hear heard speak speaks spoke worry care say says said read
    """
)
"""After these "about" names a subject and says nothing of how exact a number is."""

ROLES = {
    "en": {
        "from": "from", "to": "to", "by": "by", "until": "until", "till": "until",
        "before": "before", "after": "after", "since": "since", "every": "every",
        "each": "every", "per": "every", "at": "at", "on": "at", "in": "in", "for": "in",
        "within": "in", "during": "in", "up": "by", "down": "by",
    },
    "de": {"von": "from", "auf": "to", "um": "by", "bis": "until", "vor": "before",
           "nach": "after", "seit": "since", "alle": "every", "in": "in", "am": "at"},
    "fr": {"de": "from", "à": "to", "avant": "before", "après": "after", "depuis": "since"},
    "es": {"desde": "from", "a": "to", "antes": "before", "después": "after", "cada": "every"},
    "pt": {"desde": "from", "para": "to", "antes": "before", "depois": "after", "cada": "every"},
    "it": {"da": "from", "a": "to", "prima": "before", "dopo": "after", "ogni": "every"},
    "nl": {"van": "from", "naar": "to", "voor": "before", "na": "after", "sinds": "since"},
    "da": {"fra": "from", "til": "to", "før": "before", "efter": "after", "siden": "since"},
}  # fmt: skip
"""What a preposition before a number makes of it; the neutral ones are "at" and "in"."""

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
}
_DAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
}


def _names(lines: dict[str, str], kind: str) -> dict[str, dict[str, str]]:
    return {
        code: {name: f"{kind} {n}" for n, name in enumerate(line.split(), start=1)}
        for code, line in lines.items()
    }


MONTHS = _names(_MONTHS, "month")
WEEKDAYS = _names(_DAYS, "weekday")
SHORT_MONTHS = {
    name: f"month {n}"
    for n, names in enumerate(
        ["jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep sept", "oct", "nov", "dec"],
        start=1,
    )
    for name in names.split()
}
SHORT_WEEKDAYS = {
    name: f"weekday {n}"
    for n, names in enumerate(
        ["mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun"], start=1
    )
    for name in names.split()
}
UNSURE_MONTHS = frozenset({"march", "may", "mars"})
"""Months that are also other words."""

DECADES = {
    name: n
    for n, name in zip(
        range(20, 100, 10),
        [
            "twenties",
            "thirties",
            "forties",
            "fifties",
            "sixties",
            "seventies",
            "eighties",
            "nineties",
        ],
        strict=True,
    )
}
WHEN = word_set(
    """
    today tonight tomorrow yesterday noon midnight heute gestern übermorgen vorgestern
    demain hier aujourd'hui hoy ayer hoje ontem amanhã oggi ieri domani vandaag gisteren
    """
)
RELATIVE = {"next": "next", "last": "last", "this": "this", "coming": "next", "past": "last",
            "previous": "last", "following": "next"}  # fmt: skip
PERIODS = word_set(
    """
    week month year day morning night evening afternoon weekend spring summer autumn fall
    winter season quarter semester century decade
    """
)  # fmt: skip
OFTEN = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month",
         "yearly": "year", "annually": "year"}  # fmt: skip
ARTICLES = {
    "en": frozenset({"one"}),
    "de": word_set("ein eine einen einem einer eines"),
    "fr": frozenset({"un", "une"}),
    "es": frozenset({"un", "una", "uno"}),
    "pt": frozenset({"um", "uma"}),
    "it": frozenset({"un", "una", "uno"}),
    "nl": frozenset({"een"}),
    "da": frozenset({"en", "et"}),
}
"""Words for "one" that mostly count nothing."""

HALVES = {"anderthalb": Fraction(3, 2), "eineinhalb": Fraction(3, 2), "zweieinhalb": Fraction(5, 2),
          "dreieinhalb": Fraction(7, 2), "viereinhalb": Fraction(9, 2)}  # fmt: skip
MULTIPLES = {"once": 1, "twice": 2, "thrice": 3}
SCALES = (100, 1000, 10**6, 10**9, 10**12)
SPACELESS_DIGITS = dict(
    zip("〇一二三四五六七八九两", (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True)
)
SPACELESS_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8,
                    "億": 10**8}  # fmt: skip
SPACELESS_COUNTERS = frozenset("小个個分秒天日年月周週克公米元块次人度时時点點岁歲倍")
