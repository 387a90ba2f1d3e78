"""Codes of files, includes and YAML itself."""

from __future__ import annotations

from ancrage.declarations.codes.page import SETTINGS, CodePage
from ancrage.language import N_


def _including(include: str) -> str:
    return SETTINGS.replace("[base.yaml, example.yaml]", include)


PAGES = (
    CodePage(
        "E-NO-PROJECT",
        N_("The folder has no project.yaml"),
        N_("A project is a folder with a file project.yaml, which holds its settings and lists the other files."),
        "ancrage check some/other/folder",
        "ancrage init some/other/folder",
        by_hand=True,
    ),
    CodePage(
        "E-FILE-MISSING",
        N_("A file is not there"),
        N_("An included file was not found. Names are relative to the file that includes them."),
        _including("[base.yaml, exemple.yaml]"),
        _including("[base.yaml, example.yaml]"),
    ),
    CodePage(
        "E-FILE-UNREADABLE",
        N_("A file cannot be read"),
        N_("It is a folder, a pipe or a device, or you may not read it. Only plain files are taken."),
        "include: [models]          # models is a folder",
        'include: ["models/*.yaml"]',
        by_hand=True,
    ),
    CodePage(
        "E-FILE-SIZE",
        N_("A file is too big"),
        N_("At most 8 MB are read, and the size is looked at before a byte is: a declaration written by people never comes near."),
        "include: [export.yaml]     # 100 MB",
        'include: ["export/*.yaml"] # the same in parts of less than 8 MB',
        by_hand=True,
    ),
    CodePage(
        "E-FILE-BINARY",
        N_("A file is not a text"),
        N_("It contains NUL bytes: a picture, an archive, or a text saved as UTF-16."),
        "include: [logo.png]",
        "include: [map.yaml]",
        by_hand=True,
    ),
    CodePage(
        "E-FILE-ENCODING",
        N_("A text is not UTF-8"),
        N_("Accents would be read wrongly. Save the file as UTF-8 in your editor."),
        "units: {ing: {name: Ing\\xe9nierie}}   # one byte of Latin-1",
        "units: {ing: {name: Ingénierie}}",
        by_hand=True,
    ),
    CodePage(
        "E-FILE-EMPTY",
        N_("A file declares nothing"),
        N_("An empty file is more often a mistake than a wish."),
        "# only a comment\n",
        "units: {it: {name: IT department}}\n",
    ),
    CodePage(
        "E-INCLUDE-OUTSIDE",
        N_("An include leaves the project folder"),
        N_("A project must be whole in its folder, to be copied and reviewed: no absolute path, no .., no link that leads out."),
        _including("[base.yaml, ../shared/map.yaml]"),
        _including("[base.yaml, example.yaml]"),
    ),
    CodePage(
        "E-INCLUDE-LOOP",
        N_("Files include each other in a loop"),
        N_("Each file is read once, where it is first included."),
        "# file: example.yaml\ninclude: [more.yaml]\n# file: more.yaml\ninclude: [example.yaml]\n",
        "# file: example.yaml\ninclude: [more.yaml]\n# file: more.yaml\nunits: {it: {name: IT department}}\n",
    ),
    CodePage(
        "E-INCLUDE-TOO-MANY",
        N_("Too many files"),
        N_("At most 5,000 files are read. A pattern probably matches more than was meant."),
        'include: ["**/*.yaml"]     # 5,001 files',
        'include: ["map/*.yaml"]',
        by_hand=True,
    ),
    CodePage(
        "W-INCLUDE-EMPTY",
        N_("An include matches no file"),
        N_("The pattern names nothing, or only files that were read already."),
        _including('[base.yaml, "model/*.yaml"]'),
        _including('[base.yaml, "ex*.yaml"]'),
    ),
    CodePage(
        "W-INCLUDE-TWICE",
        N_("A file is included twice"),
        N_("It is read once. Keep the entry where a reader will look for it."),
        _including("[base.yaml, example.yaml, base.yaml]"),
        _including("[base.yaml, example.yaml]"),
    ),
    CodePage(
        "E-YAML-SYNTAX",
        N_("This is not YAML"),
        N_("Reading stopped here. The mistake is often on the line before: a bracket or quote that is not closed, a tab, a missing space."),
        "units: {it: {name: IT department}\n",
        "units: {it: {name: IT department}}\n",
    ),
    CodePage(
        "E-YAML-DUPLICATE",
        N_("A key stands twice"),
        N_("YAML readers keep one of the two in silence, so one of them would be lost."),
        "units:\n  it: {name: IT department}\n  it: {name: Internal trade}\n",
        "units:\n  it: {name: IT department}\n  trade: {name: Internal trade}\n",
    ),
    CodePage(
        "E-YAML-ALIAS",
        N_("An alias is used"),
        N_("Aliases can make a small file huge, and they hide where a value comes from. Write the value out."),
        "units:\n  it: {name: IT department}\n  support: *it\n",
        "units:\n  it: {name: IT department}\n  support: {name: Support}\n",
    ),
    CodePage(
        "E-YAML-ANCHOR",
        N_("An anchor is used"),
        N_("An anchor is only good for aliases, which are not allowed."),
        "units:\n  it: &it {name: IT department}\n",
        "units:\n  it: {name: IT department}\n",
    ),
    CodePage(
        "E-YAML-TAG",
        N_("A tag is used"),
        N_("What a value means is known from its key. In other readers tags can even run code."),
        "units:\n  it: {name: !!str IT}\n",
        "units:\n  it: {name: IT}\n",
    ),
    CodePage(
        "E-YAML-MERGE",
        N_("A merge key is used"),
        N_("Merge keys were dropped from YAML and hide where a value comes from. Write the keys out."),
        "units:\n  it:\n    <<: {name: IT}\n",
        "units:\n  it: {name: IT}\n",
    ),
    CodePage(
        "E-YAML-KEY",
        N_("A key is not a text"),
        N_("Keys are names. A list, a mapping or nothing cannot be one."),
        "units:\n  ? [it, support]\n  : {name: IT}\n",
        "units:\n  it: {name: IT}\n",
    ),
    CodePage(
        "E-YAML-DOCUMENTS",
        N_("A file holds two documents"),
        N_("What follows a line of three dashes is another document; put it into its own file."),
        "units: {it: {name: IT}}\n---\nunits: {support: {name: Support}}\n",
        "units: {it: {name: IT}, support: {name: Support}}\n",
    ),
    CodePage(
        "E-YAML-DEPTH",
        N_("Nested too deep"),
        N_("No declaration needs more than 64 levels; a file that has them was made to do harm."),
        "units: " + "[" * 80 + "\n",
        "units: {it: {name: IT}}\n",
    ),
    CodePage(
        "E-TOO-MANY-PROBLEMS",
        N_("Too many problems in one file"),
        N_("After a thousand problems of a file the others are not shown: they are more of the same. Repair some, then check again."),
        "units: [*a, *a, *a, ...]   # two thousand times",
        "units: {it: {name: IT}}",
        by_hand=True,
    ),
    CodePage(
        "E-YAML-TOO-MANY",
        N_("Too many values in one file"),
        N_("At most a million keys and values are read from one file, so that reading ends soon whatever it holds."),
        "units: [1, 1, 1, ...]      # two million times",
        "units: {it: {name: IT}}",
        by_hand=True,
    ),
)
