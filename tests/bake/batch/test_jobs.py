"""What a batch takes for its clips, and what it says of what it cannot take."""

import json

import pytest

from bake.batch.jobs import jobs_of
from core_model.errors import MocapError


def clip(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.name.encode())
    return path


def test_folders_files_and_patterns_give_each_clip_once(tmp_path):
    first = clip(tmp_path / "day" / "a.mp4")
    clip(tmp_path / "day" / "more" / "B.MOV")
    clip(tmp_path / "day" / ".trash" / "c.mp4")
    clip(tmp_path / "day" / "notes.txt")
    odd = clip(tmp_path / "odd.bin")
    jobs = jobs_of(
        [str(tmp_path / "day"), str(first), str(tmp_path / "day" / "*.mp4"), str(odd)],
        [],
        {},
        {},
        ("blend",),
    )
    assert [job.clip.name for job in jobs] == ["a.mp4", "B.MOV", "odd.bin"]


def test_names_never_collide_on_any_system(tmp_path):
    clips = [
        clip(tmp_path / folder / name)
        for folder in ("one", "two")
        for name in ("walk.mp4", "WALK.mov", "a:b?.mp4")
    ]
    names = [job.name for job in jobs_of([str(each) for each in clips], [], {}, {}, ("blend",))]
    assert len({name.lower() for name in names}) == 6
    assert not any(set(name) & set('<>:"/\\|?*') for name in names)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_list_gives_clips_options_of_their_own(tmp_path, ending):
    clip(tmp_path / "dance.mp4")
    clip(tmp_path / "walk.mov")
    path = tmp_path / f"shots.{ending}"
    if ending == "csv":
        path.write_text("clip,people,in,hands,smooth\ndance.mp4,2,0.5,no,heavy\nwalk.mov,,,,\n")
    else:
        rows = [
            {"clip": "dance.mp4", "people": 2, "in": 0.5, "hands": False, "smooth": "heavy"},
            {"clip": "walk.mov"},
        ]
        path.write_text(json.dumps(rows))
    dance, walk = jobs_of([], [path], {"quality": "fast"}, {"smooth": "light"}, ("blend",))
    assert dance.capture == {"quality": "fast", "people": 2, "hands": False}
    assert dance.bake == {"smooth": "heavy", "in": 0.5}
    assert walk.capture == {"quality": "fast"} and walk.bake == {"smooth": "light"}
    assert dance.options_hash() != walk.options_hash()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\na.mp4\n", "no column 'clip'"),
        ("clip\nmissing.mp4\n", "row 2"),
        ("clip,smoth\na.mp4,heavy\n", "'smoth'"),
        ("clip,height\na.mp4,tall\n", "'height'"),
        ("clip\na.mp4,1,2\n", "Line 2"),
        ("clip,people\n,2\n", "There is no clip"),
        (f"clip\n{'x' * 200_000}\n", "no table"),
        (f"clip\n{'x' * 5000}.mp4\n", "is not there"),
        ("clip\na\0.mp4\n", "is not there"),
    ],
)
def test_what_is_wrong_in_a_list_is_told_with_its_row(tmp_path, text, words):
    clip(tmp_path / "a.mp4")
    path = tmp_path / "shots.csv"
    path.write_text(text)
    with pytest.raises(MocapError, match=words):
        jobs_of([], [path], {}, {}, ("blend",))


@pytest.mark.parametrize("content", [b"{}", b"[1]", b"[", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_list_that_is_none_is_one_sentence(tmp_path, content):
    path = tmp_path / "shots.json"
    path.write_bytes(content)
    with pytest.raises(MocapError, match=r"The list .*shots\.json"):
        jobs_of([], [path], {}, {}, ("blend",))


@pytest.mark.parametrize(("name", "number"), [("start", "1" + "0" * 400), ("window", "Infinity")])
def test_a_number_that_is_too_large_is_told_with_its_row(tmp_path, name, number):
    clip(tmp_path / "a.mp4")
    path = tmp_path / "shots.json"
    path.write_text(f'[{{"clip": "a.mp4", "{name}": {number}}}]')
    with pytest.raises(MocapError, match=f"'{name}' in row 1 .* it must be a"):
        jobs_of([], [path], {}, {}, ("blend",))


def test_what_is_not_there_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    for given in ("empty", "*.mp4"):
        assert jobs_of([str(tmp_path / given)], [], {}, {}, ("blend",)) == []
    with pytest.raises(MocapError, match="gone.mp4 is not there"):
        jobs_of([str(tmp_path / "gone.mp4")], [], {}, {}, ("blend",))


def test_formats_and_characters_are_checked_before_anything_is_done(tmp_path):
    clip(tmp_path / "a.mp4")
    path = tmp_path / "shots.csv"
    path.write_text("clip,retarget,formats\na.mp4,hero.blend,fbx;glb\n")
    with pytest.raises(MocapError, match=r"hero\.blend.*not there"):
        jobs_of([], [path], {}, {}, ("blend",))
    clip(tmp_path / "hero.blend")
    (job,) = jobs_of([], [path], {}, {}, ("blend",))
    assert job.formats == ("fbx", "glb")
    assert job.bake == {"retarget": str(tmp_path / "hero.blend")}
    path.write_text("clip,formats\na.mp4,fbx docx\n")
    with pytest.raises(MocapError, match="docx"):
        jobs_of([], [path], {}, {}, ("blend",))
