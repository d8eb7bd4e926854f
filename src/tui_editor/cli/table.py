"""The list of the shell's commands. Light: `tui-editor --help` reads it without importing any of them."""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """A command of the shell."""

    name: str
    module: str
    """Module of `tui_editor.cli.verbs` with `add_arguments(parser)` and `run(arguments) -> int`."""
    summary: str
    examples: tuple[str, ...]


VERBS = (
    Verb("open", "opening", "open a project, data set, folder, video or image in the editor", (
        "tui-editor open holiday/",
        "tui-editor open --task 3",
        "tui-editor open labels.json --task 3 --frame 120",
        "tui-editor open 'tui-editor:///srv/street?task=9kq0v&frame=12'",
    )),
    Verb("init", "init", "make a project in a folder", ("tui-editor init street --name 'Street scenes'",)),
    Verb("import", "importing", "read a data set into the project", (
        "tui-editor import annotations.json --media images/",
        "tui-editor import frames/ --group folder",
    )),
    Verb("export", "exporting", "write the project in a format, read it back and tell what differs", (
        "tui-editor export out.json --format coco",
        "tui-editor export rows/ --format encord --no-lossy",
    )),
    Verb("formats", "formats", "list the formats that can be read and written", ("tui-editor formats --json",)),
    Verb("tasks", "tasks", "list the tasks of the queue", (
        "tui-editor tasks --stage review",
        "tui-editor tasks --text street --json",
    )),
    Verb("next", "next_task", "hand out the next task that waits for you", ("tui-editor next --stage review",)),
    Verb("assign", "assigning", "give tasks to somebody", ("tui-editor assign kim 3 7",)),
    Verb("release", "releasing", "give tasks back: nobody has them", ("tui-editor release 3",)),
    Verb("move", "moving", "put tasks into another stage of the workflow", ("tui-editor move annotate 3 7",)),
    Verb("reopen", "reopening", "bring finished tasks back to the first stage", ("tui-editor reopen 3",)),
    Verb("priority", "priority", "change which tasks come first", ("tui-editor priority 0.9 3 7",)),
    Verb("metadata", "metadata", "show and set client metadata of a task's data units", (
        "tui-editor metadata --task 3",
        "tui-editor metadata --task 3 patient=17 site=Bonn",
        "tui-editor metadata --from sites.csv",
    )),
    Verb("settings", "settings", "show and change the project's name, description, instructions, reasons and tags", (
        "tui-editor settings",
        "tui-editor settings instructions @rules.md",
        "tui-editor settings reasons 'Not tight' 'Wrong class' Other",
    )),
    Verb("config", "config", "show and change your own settings: zoom, frame skip, theme, backup …", (
        "tui-editor config",
        "tui-editor config zoom fit",
        "tui-editor config --unset zoom",
    )),
    Verb("workflow", "workflow", "show the stages and who may do what; add, order and change them", (
        "tui-editor workflow",
        "tui-editor workflow --add audit=review --after review --change audit.every=5",
        "tui-editor workflow --rules",
        "tui-editor workflow --set stages.json",
        "tui-editor workflow --group-by patient",
    )),
    Verb("ontology", "ontology", "list, add, change and remove classes, classifications, attributes and options", (
        "tui-editor ontology",
        "tui-editor ontology Car --uses",
        "tui-editor ontology --add Van=bounding_box --change 'Van.color=#FF8800'",
        "tui-editor ontology --add Van/Load=radio --add Van/Load/Full --add Van/Load/Empty",
        "tui-editor ontology --change Van/Load.required=on --change Van/Load/Empty.archived=on",
    )),
    Verb("layouts", "layouts", "list the project's custom editor layouts; check, add, use and remove them", (
        "tui-editor layouts --add two-views.json",
        "tui-editor layouts --check two-views.json",
        "tui-editor layouts --use two-views",
    )),
    Verb("members", "members", "list who works on the project, and their roles; change them", (
        "tui-editor members",
        "tui-editor members kim reviewer",
    )),
    Verb("issues", "issues", "list the issues", ("tui-editor issues --kind label --tag blurred",)),
    Verb("notifications", "notifications", "list what others did that concerns you: tasks sent back, replies", (
        "tui-editor notifications --read",
    )),
    Verb("stats", "stats", "tell how many issues there are, on what, by whom and for how long", (
        "tui-editor stats",
        "tui-editor stats --json",
    )),
    Verb("log", "log", "list what was done in a task, lately in all (the journal), or with the project as a whole", (
        "tui-editor log",
        "tui-editor log --activities --since 2h",
        "tui-editor log --task 3",
        "tui-editor log --task 3 --author kim --since 14:00 --object 'Car (0)'",
    )),
    Verb("undo", "undo", "take back what was done in a task: the last step, a person's, an object's", (
        "tui-editor undo --task 3",
        "tui-editor undo --task 3 --author kim --since 14:00 --preview",
        "tui-editor undo --author kim --since 14:00",
        "tui-editor undo --task 3 --object 'Car (0)' --yes",
        "tui-editor undo --task 3 --entry 12",
    )),
    Verb("restore", "restore", "bring back an object that was deleted, or list those that were", (
        "tui-editor restore --task 3",
        "tui-editor restore --task 3 --object 'Car (0)'",
    )),
    Verb("backups", "backups", "list the plain-text backups of labels, make one, read one back", (
        "tui-editor backups --task 3 --restore last",
    )),
    Verb("check", "check", "look for faults in media, labels and answers", (
        "tui-editor check --select G,O --fail-on warning",
        "tui-editor check labels.json --format html -o report.html",
        "tui-editor check train.json val.json --baseline known.json --format sarif -o check.sarif",
        "tui-editor check --fix --since 2h",
        "tui-editor check --waive 5f0c1d2e3a4b5c6d --reason 'wider than the street' --until 2027-06-30",
    )),
    Verb("gates", "gates", "list or set the checks that block submitting a task", (
        "tui-editor gates annotate S G01,G07,O03",
    )),
    Verb("compare", "compare", "tell how far two sets of labels agree, and where they don't", (
        "tui-editor compare truth.json predictions.json --fail-under map=0.4",
        "tui-editor compare kim/ lee/ --fail-under f1=0.9,kappa=0.8 --json",
    )),
    Verb("verify", "verify", "prove that frames are those that were labelled", ("tui-editor verify --record",)),
    Verb("render", "render", "write a frame with its labels as the editor draws it", (
        "tui-editor render street/ --frame 12 --size 1280x720 -o frame.png",
    )),
    Verb("show", "show", "print a frame with its labels into the terminal", ("tui-editor show photo.jpg",)),
    Verb("play", "play", "run a script of keys without a screen", (
        "tui-editor play review.keys street/ --task 3 --dump - --screenshot end.svg",
    )),
    Verb("keys", "keys", "list the keys", ("tui-editor keys --mode review",)),
    Verb("doctor", "doctor", "tell what was found of the terminal and the installation, and why", (
        "tui-editor doctor",
        "tui-editor doctor --graphics sixel",
    )),
    Verb("demo", "demo", "open a project that the program makes by itself", ("tui-editor demo --folder demo",)),
)  # fmt: skip


def named(name: str) -> Verb | None:
    """Return the command of that name."""
    return next((verb for verb in VERBS if verb.name == name), None)
