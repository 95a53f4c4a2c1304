"""What the names of bones say: side and part of the body, in several languages."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LEFT, RIGHT = "left", "right"

_SIDES = {
    LEFT: "l left lft lf li links link gauche izq izquierda izquierdo sx sinistra sinistro esq "
    "esquerda esquerdo lev levaya левый левая левое лев л 左 왼 왼쪽",
    RIGHT: "r right rgt rt re rechts recht droite droit der derecha derecho dx destra destro dir "
    "direita direito prav pravaya правый правая правое прав п 右 오른 오른쪽",
}
_SIDE_OF = {word: side for side, words in _SIDES.items() for word in words.split()}
_GLUED = re.compile(r"^(left|right|lft|rgt)(?=[a-z]{3})|(left|right)$")
_WITHOUT_SPACE = re.compile(r"[左右]|왼쪽?|오른쪽?")
_TOKENS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")

# Part of the body: what names it. The first row that fits a name holds; a word that may mean
# several parts names them all, and hierarchy and geometry say which.
_PARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        (),
        "ik pole target tgt twist roll share corrective correct helper adjust aim attach socket "
        "weapon prop skirt cloth cape hair tail wing breast bust boob pec eye jaw tongue teeth lip "
        "fluegel flügel aile ala alas ali schwanz queue cola coda rabo waffe schwert schild sword "
        "gun shield bag brow lid ear nose cheek face facial forehead temple chin muscle bulge "
        "stretch heel 捩 髪 "
        "スカート 目 胸毛 尻尾 头发 머리카락 волосы юбка хвост",
    ),
    (("thumb",), "thumb daumen pouce pulgar pollice polegar 親指 拇指 엄지"),
    (("index",), "index zeigefinger indice 人指 人差指 食指 검지"),
    (("middle",), "middle mid mittelfinger majeur medio 中指 중지"),
    (("ring",), "ring ringfinger annulaire anular anulare 薬指 无名指 약지"),
    (("pinky",), "pinky pinkie little small kleinerfinger auriculaire menique mignolo 小指 새끼"),
    (("finger",), "finger doigt dedo dito 指 손가락 палец"),
    (("palm",), "metacarpal carpal palm 掌"),
    (("foot",), "toe toes ball zeh zehe zehen orteil orteils つま先 脚趾 脚尖 발가락 발끝 носок"),
    (
        ("ankle",),
        "foot ankle fuss fuß pied pie piede pé tornozelo caviglia cheville 足首 脚 발 발목 "
        "стопа ступня лодыжка",
    ),
    (
        ("elbow",),
        "forearm lowerarm lowarm elbow radius ulna unterarm ellbogen avantbras coude "
        "antebrazo codo antebraco antebraço cotovelo avambraccio gomito ひじ 肘 前臂 小臂 "
        "아래팔 팔뚝 전완 팔꿈치 предплечье локоть",
    ),
    (("shoulder",), "upperarm uparm humerus shldr oberarm 腕 上臂 大臂 위팔 상완"),
    (
        ("wrist",),
        "hand wrist handgelenk main poignet mano muneca muñeca mao mão pulso polso 手首 手 "
        "手腕 손목 손 кисть запястье",
    ),
    (
        ("collar",),
        "clavicle clavicula clavicola collar clav scapula schluesselbein schlüsselbein "
        "锁骨 쇄골 ключица",
    ),
    (("collar", "shoulder"), "shoulder schulter epaule épaule hombro ombro spalla 肩 어깨 плечо"),
    (("shoulder",), "arm bras brazo braco braço braccio 手臂 팔 рука"),
    (
        ("hip",),
        "thigh upleg upperleg femur oberschenkel cuisse muslo coxa coscia 太もも もも 大腿 "
        "허벅지 бедро",
    ),
    (
        ("knee",),
        "shin calf knee lowerleg lowleg tibia unterschenkel knie tibia genou mollet "
        "rodilla pantorrilla joelho canela ginocchio polpaccio ひざ 膝 すね 小腿 무릎 종아리 "
        "정강이 колено голень",
    ),
    (("hip", "knee"), "leg bein jambe pierna perna gamba 足 腿 다리 нога"),
    (
        ("pelvis",),
        "hips pelvis becken bassin bacino pelve cadera caderas quadril 下半身 骨盆 골반 таз",
    ),
    (("pelvis", "hip"), "hip hipjoint buttock huefte hüfte hanche anca"),
    (
        ("spine",),
        "spine chest abdomen torso waist thorax rib ribs ribcage back belly lumbar "
        "upperback lowerback wirbelsaeule wirbelsäule brust bauch ruecken rücken colonne poitrine "
        "torse dos columna pecho espalda coluna peito costas schiena petto torace 上半身 胸 "
        "脊椎 脊柱 척추 허리 가슴 позвоночник грудь живот",
    ),
    (("neck",), "neck hals cou nuque cuello collo pescoco pescoço 首 脖 颈 목 шея"),
    (
        ("head",),
        "head skull kopf schaedel schädel tete tête cabeza cabeca cabeça testa 頭 头 머리 голова",
    ),
)
_WORDS = {word: parts for parts, words in reversed(_PARTS) for word in words.split()}
_FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_ENDS = frozenset("end tip nub leaf site top nubs effector endsite".split())


@dataclass(frozen=True)
class Reading:
    """What a name says.

    Parameters
    ----------
    side : str
        `LEFT`, `RIGHT`, or "" where none is named.
    parts : tuple of str
        Joints without side that it may mean ("spine" is any of the back, "finger" any finger);
        empty where it names none.
    extra : bool
        It names something that no joint is: twist bones, controls, hair, the face.
    end : bool
        It names the end of a chain.
    """

    side: str
    parts: tuple[str, ...]
    extra: bool
    end: bool

    def fits(self, *parts: str) -> float:
        """Return 1 if one of these parts is named, -1 if another is, 0 if none."""
        if self.extra:
            return -1.0
        if not self.parts:
            return 0.0
        return 1.0 if any(part in self.parts for part in parts) else -1.0


def tokens(name: str) -> list[str]:
    """Return the words and numbers that a name is made of, in small letters."""
    text = unicodedata.normalize("NFKC", name)
    return [token.casefold() for token in _TOKENS.findall(text)]


@lru_cache(maxsize=4096)
def read_name(name: str) -> Reading:
    """Read the name of a bone, without namespaces.

    Parameters
    ----------
    name : str
    """
    side = ""
    words = []
    for token in tokens(name):
        token_side, rest = _side(token)
        if token_side and not side:
            side = token_side
            token = rest
        if token and not token.isdigit():
            words.append(token)
    return Reading(side, *_parts(words))


def _side(token: str) -> tuple[str, str]:
    """Return the side that a token names, and what else it says."""
    if token in _SIDE_OF:
        return _SIDE_OF[token], ""
    if glued := _GLUED.search(token):
        return _SIDE_OF[glued[1] or glued[2]], _GLUED.sub("", token)
    if within := _WITHOUT_SPACE.search(token):
        return _SIDE_OF[within[0]], _WITHOUT_SPACE.sub("", token)
    if token[0] in "lr" and (token[1:] in _WORDS or token[1:].removesuffix("joint") in _WORDS):
        return _SIDE_OF[token[0]], token[1:].removesuffix("joint")
    return "", token


def _parts(words: list[str]) -> tuple[tuple[str, ...], bool, bool]:
    """Return parts, whether something else is named, and whether it is an end."""
    end = any(word in _ENDS for word in words)
    found: list[tuple[str, ...]] = []
    joined = [first + second for first, second in zip(words[:-1], words[1:], strict=True)]
    for word in (*joined, *words):
        known = _known(word)
        if known is not None:
            found.append(known)
    if () in found:
        return (), True, end
    fingers = [parts for parts in found if parts[0] in _FINGERS]
    if fingers:
        return fingers[0], False, end
    # What two words say together holds before what each says; else the first row of the table.
    order = [parts for parts, _ in _PARTS]
    found_joined = [parts for word in joined if (parts := _known(word)) is not None]
    found = found_joined or sorted(found, key=order.index)
    return (found[0] if found else ()), False, end


def _known(word: str) -> tuple[str, ...] | None:
    if word in _WORDS:
        return _WORDS[word]
    if not word.isascii():
        # No spaces stand between the words of these languages.
        for key in sorted(_WORDS, key=len, reverse=True):
            if not key.isascii() and key in word:
                return _WORDS[key]
    return None
