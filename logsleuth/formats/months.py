"""Names of months as strftime(3)'s %b writes them in the languages of glibc's locales, by their bytes.

Sources: the `abmon` and `ab_alt_mon` of glibc 2.36's localedata, what older ones had, and CLDR's abbreviations. Case
does not matter, nor does a dot behind a name.
"""

# ruff: noqa: RUF001 - other alphabets than this one

from __future__ import annotations

from functools import cache

_NUMBERED = " ".join(f"{n}月" for n in range(1, 13)), " ".join(f"{n}월" for n in range(1, 13))
_LANGUAGES: dict[str, str] = {
    # A blank between months, `|` between spellings of one, `_` for a blank in a name.
    "de": "jan|jän|januar feb|febr mär|mrz|märz apr mai jun|juni jul|juli aug sep|sept okt nov dez",
    "fr": "jan|janv fév|févr mar|mars avr|avril mai jun|juin jui|juil aoû|août sep|sept oct nov déc",
    "es": "ene feb mar abr may jun jul ago sep|sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź|paz lis gru",
    "cs": "led úno bře dub kvě čen|čer čec|čvc srp zář říj lis pro",
    "sk": "jan feb mar apr máj jún júl aug sep okt nov dec",
    "sv": "jan feb|febr mar|mars apr|april maj jun|juni jul|juli aug sep|sept okt nov dec",
    "nb": "jan feb mar|mars apr|april mai jun|juni jul|juli aug sep|sept okt nov des",
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "hu": "jan febr már|márc ápr máj jún júl aug sze|szept okt nov dec",
    "ro": "ian feb mar apr mai iun iul aug sep|sept oct nov|noi dec",
    "sl": "jan feb mar apr maj jun jul avg sep okt nov dec",
    "sr": "јан феб мар апр мај јун јул авг сеп окт нов дец",
    "mk": "јан фев мар апр мај јун јул авг сеп окт ное дек",
    "tr": "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "ru": "янв фев|февр мар|марта апр мая|май июн|июня июл|июля авг сен|сент окт ноя|нояб дек",
    "uk": "січ лют бер кві тра чер лип сер вер жов лис гру",
    "be": "сту лют сак кра мая|май чэр ліп жні вер кас ліс сне",
    "bg": "яну фев мар апр май юни юли авг сеп окт ное дек",
    "el": "ιαν φεβ μαρ|μάρ απρ μαΐ|μαϊ|μάι ιουν|ιούν ιουλ|ιούλ αυγ|αύγ σεπ οκτ νοε|νοέ δεκ",
    "ja, zh": _NUMBERED[0],
    "ko": _NUMBERED[1],
    "et": "jaan veebr märts|mär apr mai juuni juuli aug sept okt nov dets",
    "lv": "jan feb mar apr mai jūn jūl aug sep okt nov dec",
    "lt": "saus|sau vas kov bal geg birž|bir liep|lie rugp|rgp rugs|rgs spal|spa lapkr|lap gruod|grd",
    "ca": "gen|de_gen feb|febr|de_febr mar|març|de_març abr|d’abr mai|maig|de_maig jun|juny|de_juny jul|de_jul "
    "ago|ag|d’ag set|de_set oct|d’oct nov|de_nov des|de_des",
    "gl": "xan feb mar abr mai xuñ xul ago set out nov dec",
    "eu": "urt ots mar api mai eka uzt abu ira urr aza abe",
    "is": "jan feb mar apr maí jún júl ágú sep okt nóv des",
    "id": "jan feb mar apr mei jun jul agu sep okt nov des",
    "vi": " ".join(f"thg_{n}|th{n:02}" for n in range(1, 13)),
    "sq": "jan shk mar pri maj qer kor gsh sht tet nën dhj",
    "he": "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",
    "ar": "ينا فبر مار أبر ماي يون يول أغس سبت أكت نوف ديس",
    "th": "ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค",
}
CROATIAN = "hr"
"""`lip`, `srp` and `lis` are other months in it than in Polish or Czech, which are written by more."""
_CROATIAN = "sij vel|velj ožu tra svi lip srp kol ruj lis stu pro"
_SYSLOG = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENGLISH = {name: month for month, name in enumerate(_SYSLOG, 1)}
"""As syslogd and ctime(3) write them."""
_ENCODINGS = ("utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-9")
"""Of the locales of today, and of those of the nineties that differ from them in some letters."""


@cache
def names(language: str = "") -> dict[str, int]:
    """Months (1 to 12) by their names in small letters: of one language, or of all but Croatian."""
    tables = (_CROATIAN,) if language == CROATIAN else tuple(_LANGUAGES.values())
    return {
        name.replace("_", " "): month
        for table in tables
        for month, spellings in enumerate(table.split(" "), 1)
        for name in spellings.split("|")
    }


def month_of(text: bytes, language: str = "") -> int | None:
    """The month that a word names, or None; None also for English names as syslogd writes them."""
    for encoding in _ENCODINGS:
        try:
            word = text.decode(encoding).strip()
        except UnicodeDecodeError:
            continue
        month = names(language).get(word.lower().replace("'", "’").removesuffix("."))
        if month is not None:
            return None if word in ENGLISH else month
    return None


@cache
def beginnings(language: str = "") -> frozenset[bytes]:
    """The first two bytes of any text that `month_of` may know; a blank may stand before a number."""
    out = set()
    for name in names(language):
        for word in (name, name.capitalize(), name.upper(), " " + name):
            for encoding in _ENCODINGS:
                if word.isascii() or encoding == "utf-8" or not word[0].isdigit():
                    out.add(word.encode(encoding, "ignore")[:2])
    return frozenset(begin for begin in out if len(begin) == 2 and (begin[0] != ord(" ") or begin[1:].isdigit()))
