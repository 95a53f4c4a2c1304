"""Of several offsets the one is taken with which one motion explains both clips."""

from dataclasses import replace

import torch

from core_model.views.deciding import chosen_by_fit
from core_model.views.matching import matches
from tests.core_model.views.filming import BODY, around, at_origin, filmed
from train.places import RENDERED_FOLDER

PUNCH = at_origin(RENDERED_FOLDER / "punch_01.npz")
CPU = torch.device("cpu")


def test_the_true_offset_is_chosen_and_one_without_a_sight_is_not() -> None:
    clips = filmed([PUNCH], around(0), seed=1), filmed([PUNCH], around(80), late=0.4, seed=2)
    best, *_ = matches(*clips, BODY)
    off = replace(best, offset=best.offset + 0.5)
    assert chosen_by_fit(*clips, [off, best], BODY, CPU).offset == best.offset
    # Somebody who is out of the picture for as long as is looked at tells nothing.
    gone = replace(clips[0].figures[0], seen=clips[0].figures[0].seen.copy())
    gone.seen[1:-1] = False
    hidden = replace(clips[0], figures=[gone])
    assert chosen_by_fit(hidden, clips[1], [off, best], BODY, CPU) in (off, best)


def test_an_offset_close_by_is_no_other_answer() -> None:
    """The samples of a walk told 0.1 s beside the truth a little better: no reason to doubt."""
    clips = filmed([PUNCH], around(0), seed=1), filmed([PUNCH], around(80), late=0.4, seed=2)
    best, *_ = matches(*clips, BODY)
    beside = replace(best, offset=best.offset + 0.1, gain=1.2 * best.gain)
    other = replace(best, offset=best.offset + 0.5, gain=0.8 * best.gain)
    found = replace(best, second=beside.gain)
    chosen = chosen_by_fit(*clips, [beside, found, other], BODY, CPU)
    assert chosen.offset == best.offset
    assert chosen.clear > 0.1


def test_what_is_found_twice_counts_as_what_explains_more() -> None:
    """A walk behind a pillar was refused: the truth was found twice, told less well where true."""
    clips = filmed([PUNCH], around(0), seed=1), filmed([PUNCH], around(80), late=0.4, seed=2)
    best, *_ = matches(*clips, BODY)
    beside = replace(best, offset=best.offset + 0.1, gain=1.2 * best.gain, second=best.gain)
    found = replace(best, second=beside.gain)
    chosen = chosen_by_fit(*clips, [beside, found], BODY, CPU)
    assert (chosen.offset, chosen.gain) == (best.offset, beside.gain)
    assert chosen.sure > 0.1


def test_an_offset_that_agrees_for_longer_but_fits_nothing_is_no_rival() -> None:
    """Jumping jacks seen together for two seconds agreed better one jump earlier: refused."""
    clips = filmed([PUNCH], around(0), seed=1), filmed([PUNCH], around(80), late=0.4, seed=2)
    best, *_ = matches(*clips, BODY)
    jump = replace(best, offset=best.offset - 0.9, gain=1.2 * best.gain, second=best.gain)
    found = replace(best, second=jump.gain)
    chosen = chosen_by_fit(*clips, [jump, found], BODY, CPU)
    assert (chosen.offset, chosen.gain) == (best.offset, best.gain)
    assert chosen.clear > 0.5
