"""What every format must do. A format's test module subclasses `FormatContract` and names its samples."""

from __future__ import annotations

import re
import shutil
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.data import shared_data
from tui_editor.errors import FormatError
from tui_editor.formats import registry
from tui_editor.formats.compare import Comparison, compare
from tui_editor.model.ids import ProjectId
from tui_editor.model.project import Project
from tui_editor.ports import Format, ImportedTask, ImportOptions, ImportSource

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

OWNERS: dict[str, tuple[str, ...]] = {
    "coco": ("coco/instances.json", "coco_keypoints/test_coco.json"),
    "encord": ("encord_samples/image_all_shapes.export.json", "encord_samples/image_group.export.json"),
    "media": ("coco/images", "coco/images/000000000030.jpg", "video/bikes.mp4"),
    "mot": ("mot/TUD-Stadtmitte_gt.txt", "mot/PETS09-S2L1_det.txt", "formats_atlas/mot_dataset"),
}
"""Real files by the format that must recognise them, and no other."""


def hostile_files() -> list[Path]:
    """Return the malformed JSON and XML of the shared data."""
    folder = shared_data("adversarial")
    return sorted(chain((folder / "json").iterdir(), (folder / "xml").iterdir()))


def read_all(fmt: Format, path: Path, options: ImportOptions | None = None) -> tuple[ImportSource, list[ImportedTask]]:
    """Return an opened data set and all its tasks."""
    source = fmt.read(path, options or ImportOptions())
    return source, list(source.tasks())


def project_of(source: ImportSource) -> Project:
    """Return a project with the data set's ontology."""
    return Project(id=ProjectId(1), name="contract", ontology=source.ontology, roots={"data": str(source.root_dir)})


class FormatContract:
    """Subclass it as `TestContract` and set `fmt`; override `samples` with paths that the format reads."""

    fmt: Format
    tolerance_px: float = 0.0
    target_name: str = "out.json"
    """What `write` is asked to write: a file's or a folder's name."""

    def samples(self, tmp_path: Path) -> Iterable[Path]:
        """Return data sets of this format; written below `tmp_path` or taken from the shared data."""
        raise NotImplementedError

    def options(self, sample: Path) -> ImportOptions:
        """Return how to read a sample."""
        return ImportOptions(media_dir=sample if sample.is_dir() else sample.parent)

    def test_it_is_registered_under_its_name(self) -> None:
        assert registry.registry().get(self.fmt.name) is self.fmt

    def test_it_is_chosen_for_its_own_samples(self, tmp_path: Path) -> None:
        assert [registry.choose(p).name for p in self.samples(tmp_path)] == [
            self.fmt.name for _ in self.samples(tmp_path)
        ]

    @pytest.mark.parametrize("owner", sorted(OWNERS))
    def test_it_claims_no_other_format_s_files(self, owner: str) -> None:
        if owner == self.fmt.name:
            pytest.skip("its own")
        claims = {name: self.fmt.detect(shared_data(name)).confidence for name in OWNERS[owner]}
        assert all(confidence < registry.SURE for confidence in claims.values()), claims

    def test_reading_twice_gives_equal_labels(self, tmp_path: Path) -> None:
        for sample in self.samples(tmp_path):
            a, b = (read_all(self.fmt, sample, self.options(sample)) for _ in range(2))
            assert compare(a[1], b[1]) == []

    def test_what_was_read_and_written_reads_back_equal(self, tmp_path: Path) -> None:
        if not self.fmt.can_export:
            pytest.skip("it only reads")
        for n, sample in enumerate(self.samples(tmp_path)):
            source, before = read_all(self.fmt, sample, self.options(sample))
            target = tmp_path / f"written{n}" / self.target_name
            target.parent.mkdir()
            report = self.fmt.write(project_of(source), before, target)
            assert (report.tasks, report.losses) == (len(before), ())
            again, after = read_all(self.fmt, target, self.options(sample))
            rules = Comparison(tolerance_px=self.tolerance_px, before=source.ontology, after=again.ontology)
            assert compare(before, after, rules) == []

    def test_a_source_tells_its_total_classes_and_folder(self, tmp_path: Path) -> None:
        for sample in self.samples(tmp_path):
            source = self.fmt.read(sample, self.options(sample))
            tasks = list(source.tasks())
            assert source.total in {None, len(tasks)}
            assert source.root_dir.is_absolute()
            used = {i.class_id for t in tasks for i in t.document.instances.values()}
            assert used <= {c.id for c in source.ontology.all()}

    def test_media_paths_are_relative_and_posix(self, tmp_path: Path) -> None:
        for sample in self.samples(tmp_path):
            _, tasks = read_all(self.fmt, sample, self.options(sample))
            paths = [p for t in tasks for u in t.task.units for p in u.media.paths]
            assert [p for p in paths if p.startswith("/") or "\\" in p or ".." in Path(p).parts] == []

    def test_hostile_files_are_refused_with_a_place_and_nothing_worse(self, tmp_path: Path) -> None:
        for file in hostile_files():
            copy = tmp_path / file.name
            shutil.copyfile(file, copy)
            with pytest.raises(FormatError) as caught:
                read_all(self.fmt, copy)
            assert not CONTROL.search(str(caught.value)), file.name
            assert caught.value.where, file.name

    def test_hostile_files_are_not_recognised_surely(self) -> None:
        claims = {f.name: self.fmt.detect(f).confidence for f in hostile_files()}
        assert all(confidence < registry.SURE for confidence in claims.values()), claims

    def test_a_missing_path_is_no_match_and_can_t_be_read(self, tmp_path: Path) -> None:
        missing = tmp_path / "evil\x1b[31m.json"
        assert self.fmt.detect(missing).confidence == 0
        with pytest.raises(FormatError) as caught:
            read_all(self.fmt, missing)
        assert not CONTROL.search(str(caught.value))


def load_json(path: Path) -> Any:
    """Return a JSON file's value."""
    import json

    return json.loads(path.read_text())
