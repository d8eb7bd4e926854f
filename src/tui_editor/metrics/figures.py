"""The figures of a comparison: their names, for gates and JSON, what they are called, and what they mean."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """One figure."""

    name: str
    """For `--fail-under` and JSON."""
    title: str
    group: str
    """Heading in the report."""
    doc: str
    higher_is_better: bool = True


_AVERAGES = tuple(
    Figure(f"{prefix}{name}", title, group, f"COCO's {doc}, of {what}")
    for prefix, group, what in (
        ("", "Scored boxes", "boxes"),
        ("mask_", "Scored masks", "regions"),
        ("keypoint_", "Scored points", "skeletons"),
    )
    for name, title, doc in (
        ("ap", "AP", "mean average precision, overlaps .50 to .95"),
        ("ap50", "AP50", "average precision at .50"),
        ("ap75", "AP75", "average precision at .75"),
        ("ap_small", "small", "AP of objects below 32² px"),
        ("ap_medium", "medium", "AP of objects of 32² to 96² px"),
        ("ap_large", "large", "AP of objects above 96² px"),
        ("ar20" if prefix == "keypoint_" else "ar100", "AR", "mean average recall"),
    )
)
FIGURES = (
    Figure("f1", "F1", "Labels", "harmonic mean of precision and recall"),
    Figure("precision", "precision", "Labels", "share of B's labels that A has, of the same class"),
    Figure("recall", "recall", "Labels", "share of A's labels that B has, of the same class"),
    Figure("accuracy", "accuracy", "Labels", "share of all labels of either side on which both agree"),
    Figure("f1@0.5", "0.5", "F1 from", "F1 of labels that have at least 0.5 in common"),
    Figure("f1@0.75", "0.75", "F1 from", "F1 of labels that have at least 0.75 in common"),
    Figure("iou", "mean IoU", "Shapes", "mean overlap of matched boxes and regions of the same class"),
    Figure("boundary", "boundary F", "Shapes", "how well the outlines of matched regions follow each other (DAVIS)"),
    Figure("pq", "PQ", "Shapes", "panoptic quality, the mean of SQ × RQ over classes"),
    Figure("sq", "SQ", "Shapes", "mean overlap of matches above 0.5, over classes"),
    Figure("rq", "RQ", "Shapes", "F1 of matches above 0.5, over classes"),
    Figure("kappa", "Cohen κ", "Classes", "agreement beyond chance on the class of what both have"),
    Figure("fleiss", "Fleiss κ", "Classes", "the same with one distribution for both"),
    Figure("alpha", "Krippendorff α", "Classes", "the same by Krippendorff, nominal"),
    Figure("answers", "the same", "Answers", "share of answers of matched labels that are the same"),
    Figure("hota", "HOTA", "Tracks", "higher order tracking accuracy, mean over 19 overlaps"),
    Figure("deta", "DetA", "Tracks", "detection accuracy"),
    Figure("assa", "AssA", "Tracks", "association accuracy"),
    Figure("loca", "LocA", "Tracks", "mean overlap of what was found"),
    Figure("idf1", "IDF1", "Identities", "F1 of labels that carry the right identity"),
    Figure("idp", "IDP", "Identities", "their precision"),
    Figure("idr", "IDR", "Identities", "their recall"),
    Figure("tiou", "temporal IoU", "Identities", "mean overlap in time of tracks and spans that are partners"),
    Figure("mota", "MOTA", "CLEAR", "1 less the share of misses, false alarms and switches"),
    Figure("motp", "MOTP", "CLEAR", "mean overlap of matches"),
    Figure("idsw", "switches", "CLEAR", "how often a track got another partner", higher_is_better=False),
    Figure("frag", "fragments", "CLEAR", "how often a track was found again after a gap", higher_is_better=False),
    Figure("mt", "mostly found", "CLEAR", "tracks found on more than 80 % of their frames"),
    Figure("pt", "partly", "CLEAR", "tracks found on 20 to 80 %"),
    Figure("ml", "lost", "CLEAR", "tracks found on less than 20 %", higher_is_better=False),
    *_AVERAGES,
)
OTHER_NAMES = {"map": "ap", "miou": "iou", "mask_map": "mask_ap", "keypoint_map": "keypoint_ap"}
"""Names that people also use."""


def figure_named(name: str) -> Figure | None:
    """Return the figure of a name in any case."""
    wanted = OTHER_NAMES.get(name.casefold(), name.casefold())
    return next((f for f in FIGURES if f.name == wanted), None)
