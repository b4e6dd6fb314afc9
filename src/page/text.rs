//! The words of a page, all in one place: another language is another value of [`Texts`].

/// The words of a page in one language.
// Fields instead of keys: a language that lacks a sentence does not compile.
pub(super) struct Texts {
    /// Words of the template, by the mark that stands for them.
    pub(super) template: &'static [(&'static str, &'static str)],
    /// Words of the script, by key.
    pub(super) script: &'static [(&'static str, &'static str)],
    pub(super) left_out: LeftOut,
    pub(super) columns: Columns,
    pub(super) care_levels: CareLevels,
    pub(super) stages: Stages,
    pub(super) legend: Legend,
    pub(super) imprint: Imprint,
    pub(super) change: Change,
}

/// What a change did.
pub(super) struct Change {
    pub(super) heading: &'static str,
    pub(super) finding: &'static str,
    pub(super) nobody: &'static str,
    pub(super) places: &'static str,
    pub(super) newly_in_time: &'static str,
    pub(super) share_before: &'static str,
    pub(super) mean_before: &'static str,
    pub(super) after: &'static str,
}

/// What a page leaves out.
pub(super) struct LeftOut {
    pub(super) areas: &'static str,
    pub(super) no_areas: &'static str,
    pub(super) area_without_place: &'static str,
    pub(super) place_without_area: &'static str,
    pub(super) places: &'static str,
    pub(super) hospitals: &'static str,
    pub(super) what_if: &'static str,
    pub(super) plots: &'static str,
    pub(super) opening: &'static str,
    pub(super) rows: &'static str,
    pub(super) part_time: &'static str,
    pub(super) sources: &'static str,
}

/// What a page tells of how it was made.
pub(super) struct Imprint {
    pub(super) network: &'static str,
    pub(super) day: &'static str,
    pub(super) version: &'static str,
    pub(super) travel: &'static str,
    pub(super) simulation: &'static str,
    pub(super) runs: &'static str,
    pub(super) command: &'static str,
    pub(super) subtitle: &'static str,
    pub(super) residents: &'static str,
    pub(super) place: &'static str,
    pub(super) scale: &'static str,
}

/// Headings of tables.
pub(super) struct Columns {
    pub(super) standard: &'static str,
    pub(super) people: &'static str,
    pub(super) limit: &'static str,
    pub(super) in_time: &'static str,
    pub(super) people_in_time: &'static str,
    pub(super) band: &'static str,
    pub(super) beyond: &'static str,
    pub(super) mean: &'static str,
    pub(super) p95: &'static str,
    pub(super) place: &'static str,
    pub(super) to_first: &'static str,
    pub(super) misses: &'static str,
    pub(super) hospital: &'static str,
    pub(super) newly_beyond: &'static str,
    pub(super) backup: &'static str,
    pub(super) cooperation: &'static str,
    pub(super) partners: &'static str,
    pub(super) fields: &'static str,
    pub(super) cases: &'static str,
    pub(super) hours: &'static str,
    pub(super) end: &'static str,
}

pub(super) struct CareLevels {
    pub(super) basic: &'static str,
    pub(super) priority: &'static str,
    pub(super) maximum: &'static str,
    pub(super) specialist: &'static str,
    pub(super) unknown: &'static str,
}

pub(super) struct Stages {
    pub(super) minimum: &'static str,
    pub(super) basic: &'static str,
    pub(super) extended: &'static str,
    pub(super) comprehensive: &'static str,
    pub(super) none: &'static str,
}

pub(super) struct Legend {
    pub(super) minutes: &'static str,
    pub(super) unreached: &'static str,
    pub(super) some_beyond: &'static str,
    pub(super) most_beyond: &'static str,
    pub(super) qualifies: &'static str,
    pub(super) does_not: &'static str,
    pub(super) stage: &'static str,
    pub(super) arcs: &'static str,
    pub(super) with_effect: &'static str,
    pub(super) without_effect: &'static str,
    pub(super) lost: &'static str,
    pub(super) won: &'static str,
    pub(super) labels: &'static str,
}

/// English.
pub(super) const ENGLISH: Texts = Texts {
    template: &[
        ("lang", "en"),
        ("skip", "Skip the map"),
        ("findings", "Findings"),
        ("map", "Map"),
        (
            "map_help",
            "Drag or use the arrow keys to move, the wheel, two fingers or + and − to zoom, 0 for all. Tab goes through hospitals and places; Enter chooses one.",
        ),
        ("map_label", "Map of hospitals and places"),
        ("colour_by", "Colour by"),
        ("limit", "Limit in minutes"),
        ("show_arcs", "Cooperations"),
        ("arcs_care", "that can change care"),
        ("arcs_all", "all"),
        ("arcs_none", "none"),
        ("zoom_in", "Zoom in"),
        ("zoom_out", "Zoom out"),
        ("zoom_all", "Show all"),
        ("legend", "Legend"),
        ("chosen", "Chosen"),
        ("nothing_chosen", "Nothing yet: click a hospital or a place."),
        ("what_if", "What if …"),
        (
            "what_if_help",
            "Close a hospital or one of its departments, open one at a place, end a cooperation, or move the limit: the figures follow at once, as the program counts them.",
        ),
        ("changes", "Changes"),
        ("no_changes", "None: these are the figures of today."),
        ("reset", "Undo all"),
        ("copy", "Copy as scenario file"),
        ("results", "Before and after"),
        (
            "no_script",
            "Without scripts this page shows the map and the tables as they are today; choosing another standard and the what-if need a script, which this page carries within itself.",
        ),
        ("standards", "Who reaches care in time"),
        (
            "band_note",
            "Limits are inclusive. The band: the share in time if all journeys took 10 % longer, and 10 % less (assumed). It shows how much rests on the travel model.",
        ),
        ("plots", "How many people need how many minutes, and how full the beds get"),
        ("worst", "The worst places"),
        (
            "worst_note",
            "By the number of standards that most of the people miss, then by the mean minutes to the first standard.",
        ),
        ("failures", "What depends on one hospital"),
        (
            "failures_note",
            "People within the limit now who would be beyond it if this one hospital closed.",
        ),
        ("cooperations", "Cooperations"),
        (
            "cooperations_note",
            "Hours a year until the end of treatment that would be lost if this one ended and all others stayed, where the rescue service goes to the nearest door. A dash: it serves no care pathway. Where two do the same, the end of one costs nothing; below 0, patients are done later with it.",
        ),
        ("assumed", "What is assumed"),
        ("sources", "Sources and licences"),
        ("all_sources", "All sources"),
        ("imprint", "How this page was made"),
        ("date_line", "Date"),
        ("signature_line", "Signature"),
    ],
    script: &[
        ("people", "people"),
        ("minutes", "min"),
        ("mean", "mean"),
        ("noWay", "no hospital in reach"),
        ("beyond", "beyond the limit"),
        ("nobody", "nobody of this group"),
        ("outside", "outside the region"),
        ("beds", "beds"),
        ("bedsUnknown", "beds unknown"),
        ("qualifies", "meets"),
        ("doesNot", "does not meet, or nobody knows"),
        ("catchment", "nearest for"),
        ("close", "Close this hospital"),
        ("reopen", "Keep it open"),
        ("departments", "Departments and facilities (untick to close)"),
        (
            "timed",
            "Some of it keeps opening hours: single departments are closed with the program.",
        ),
        ("open", "Open a hospital here that meets"),
        ("openButton", "Open"),
        (
            "cannotOpen",
            "Opening one needs the program here: journeys are not those of the crow-fly model.",
        ),
        ("closed", "closed"),
        ("new", "new"),
        ("changeClosed", "{name} closes"),
        ("changeUnit", "{name} without {unit}"),
        ("changeOpened", "A hospital opens at {place}: {standard}"),
        ("changeEnded", "Cooperation {name} ends"),
        ("changeLimit", "Limit of {standard}: {minutes} min instead of {before}"),
        ("undo", "Undo"),
        ("standard", "Standard"),
        ("allStandards", "All standards"),
        ("before", "before"),
        ("after", "after"),
        ("peopleInTime", "People in time"),
        ("peopleBeyond", "People beyond"),
        ("meanMinutes", "Mean minutes"),
        ("newlyBeyond", "Newly beyond"),
        ("newlyInTime", "Newly in time"),
        ("district", "District"),
        ("all", "All"),
        ("copied", "Copied. Save it as a .ron file and run: verbund compare --scenario FILE"),
        (
            "copyByHand",
            "Copy this text and save it as a .ron file, then run: verbund compare --scenario FILE",
        ),
        (
            "unpackFailed",
            "This browser cannot unpack the journeys: the what-if needs a newer one. The map and the tables hold.",
        ),
        (
            "differs",
            "This browser does not count as the program did: the what-if is off. The map and the tables hold.",
        ),
        (
            "endEffect",
            "Ending it alone loses {hours} hours a year until treatment. What several changes do together, the program counts.",
        ),
        ("endUnknown", "It serves no care pathway: its end changes no figure here."),
        (
            "endNote",
            "Cooperations change care pathways, not who is near a hospital: the figures above stay.",
        ),
        (
            "limitNote",
            "Limits belong to the catalog, not to a scenario: this one is not in the file.",
        ),
        ("reason", "tried in the page"),
        ("scenarioName", "What if"),
        (
            "scenarioSource",
            "Put together in a page of verbund {version}, network {network}, as of {day}.",
        ),
        ("onTop", "On top of the scenario {name}."),
        ("scenarioAssumed", "all of it: an idea that was tried"),
        ("newName", "New hospital at {place}"),
        ("operator", "not stated"),
        ("km", "km"),
    ],
    left_out: LeftOut {
        areas: "Borders are left out: with them the page would be too large. Places are discs of their area.",
        no_areas: "The network has no borders (areas.geojson): places are discs of their area.",
        area_without_place: "Areas that match no place: {list}.",
        place_without_area: "Places inside without an area, drawn as discs: {list}.",
        places: "{count} places with few people are not drawn; every figure counts them.",
        hospitals: "{count} hospitals are not drawn, those outside first; every figure counts them.",
        what_if: "The what-if is left out: the journeys of this network would make the page too large. verbund compare --scenario does the same.",
        plots: "The pictures of minutes and beds are left out: with them the page would be too large. verbund coverage --plot and verbund simulate --plot draw them.",
        opening: "Opening a hospital needs the program: journeys are not those of the crow-fly model.",
        rows: "{count} more",
        part_time: "{count} standards are met by some hospitals in part of the week only: here what is open in some hour counts.",
        sources: "{count} further sources, each named in the file of this page.",
    },
    columns: Columns {
        standard: "Standard",
        people: "People",
        limit: "Limit, min",
        in_time: "In time",
        people_in_time: "People in time",
        band: "Band",
        beyond: "Beyond",
        mean: "Mean, min",
        p95: "95 % within, min",
        place: "Place",
        to_first: "Minutes to the first standard",
        misses: "Misses",
        hospital: "Hospital",
        newly_beyond: "Newly beyond",
        backup: "Longer by, min",
        cooperation: "Cooperation",
        partners: "Partners",
        fields: "Fields",
        cases: "Cases a year",
        hours: "Hours lost if it ended",
        end: "End",
    },
    care_levels: CareLevels {
        basic: "basic care (Regelversorgung)",
        priority: "priority care (Schwerpunktversorgung)",
        maximum: "maximum care (Maximalversorgung)",
        specialist: "specialist hospital (Fachkrankenhaus)",
        unknown: "care level unknown or none",
    },
    stages: Stages {
        minimum: "emergency stage: minimum",
        basic: "emergency stage 1 (basic)",
        extended: "emergency stage 2 (extended)",
        comprehensive: "emergency stage 3 (comprehensive)",
        none: "no emergency stage",
    },
    legend: Legend {
        minutes: "Mean minutes to the nearest hospital that meets the standard",
        unreached: "no hospital in reach",
        some_beyond: "some people beyond the limit",
        most_beyond: "most people beyond the limit",
        qualifies: "dark: meets the standard",
        does_not: "light: does not, or nobody knows",
        stage: "number: emergency stage (m: minimum)",
        arcs: "Cooperations (an arrow shows who gives to whom)",
        with_effect: "can change care",
        without_effect: "other: ownership, teaching, frameworks",
        lost: "more people beyond after the change",
        won: "fewer people beyond after the change",
        labels: "Hospitals",
    },
    imprint: Imprint {
        network: "Network",
        day: "As of",
        version: "Version",
        travel: "Travel times",
        simulation: "Simulation",
        runs: "{replications} replications of {days} days after {warm_up} days of warm-up, seed {seed}",
        command: "Command",
        subtitle: "{network}, as of {day}",
        residents: "{count} residents",
        place: "{name}: {people} people, {minutes} min",
        scale: "{count} km",
    },
    change: Change {
        heading: "Before and after: {name}",
        finding: "The change: {name}: most people are newly beyond a limit at {standard}, {people} beyond {limit} minutes. All that follows is the region after it.",
        nobody: "The change: {name}: nobody is newly beyond a limit. All that follows is the region after it.",
        places: "Places hit hardest",
        newly_in_time: "Newly in time",
        share_before: "In time, before",
        mean_before: "Mean minutes, before",
        after: "after",
    },
};

/// A template with values in the place of `{name}`, in one pass: what is put in is not looked at again.
///
/// In an HTML file the marks are `{{name}}`; a mark of no value stays as it is.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    // Style and script are full of single braces, so the template doubles its own.
    let (open, close) = if template.starts_with("<!") { ("{{", "}}") } else { ("{", "}") };
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(start) = rest.find(open) {
        let behind = &rest[start + open.len()..];
        let mark = behind.find(close).map(|end| &behind[..end]);
        let value = mark.and_then(|mark| values.iter().find(|(name, _)| *name == mark));
        out.push_str(&rest[..start]);
        if let (Some(mark), Some((_, value))) = (mark, value) {
            out.push_str(value);
            rest = &behind[mark.len() + close.len()..];
        } else {
            out.push_str(open);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}
