"""Language codes: containers write ISO 639-2 (`eng`), file names and recognisers 639-1 (`en`)."""

from __future__ import annotations

import re

# ISO 639-2 to ISO 639-1, bibliographic and terminological codes, for the languages of Whisper.
# https://www.loc.gov/standards/iso639-2/php/code_list.php
_PAIRS = """
afr:af alb:sq amh:am ara:ar arm:hy asm:as aze:az bak:ba baq:eu bel:be ben:bn bos:bs bre:br bul:bg
bur:my cat:ca ces:cs chi:zh cym:cy cze:cs dan:da deu:de dut:nl ell:el eng:en est:et eus:eu fao:fo
fas:fa fin:fi fra:fr fre:fr geo:ka ger:de glg:gl gre:el guj:gu hat:ht hau:ha heb:he hin:hi hrv:hr
hun:hu hye:hy ice:is ind:id isl:is ita:it jav:jv jpn:ja kan:kn kat:ka kaz:kk khm:km kor:ko lao:lo
lat:la lav:lv lin:ln lit:lt ltz:lb mac:mk mal:ml mao:mi mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn
mri:mi msa:ms mya:my nep:ne nld:nl nno:nn nob:nb nor:no oci:oc pan:pa per:fa pol:pl por:pt pus:ps
ron:ro rum:ro rus:ru san:sa sin:si slk:sk slo:sk slv:sl sna:sn snd:sd som:so spa:es sqi:sq srp:sr
sun:su swa:sw swe:sv tam:ta tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo bod:bo tuk:tk tur:tr ukr:uk
urd:ur uzb:uz vie:vi wel:cy yid:yi yor:yo zho:zh
"""
_TWO_LETTERS = dict(pair.split(":") for pair in _PAIRS.split())
# Languages of Whisper without two letters: Cantonese, Hawaiian.
_KNOWN = {*_TWO_LETTERS, *_TWO_LETTERS.values(), "haw", "yue"}
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_UNKNOWN = frozenset({"", "und", "mis", "mul", "zxx"})


def two_letter(code: str | None) -> str | None:
    """A language without its region, in two letters where it has them: `en` for `eng`, `en-US`.

    None where the code says that the language is not known.
    """
    primary = (code or "").strip().lower().replace("_", "-").partition("-")[0]
    return None if primary in _UNKNOWN else _TWO_LETTERS.get(primary, primary)


def is_language(tag: str) -> bool:
    """Whether a text is a language tag, with or without a region: `en`, `eng`, `pt-BR`."""
    found = _TAG.fullmatch(tag)
    return found is not None and found[1].lower() in _KNOWN
