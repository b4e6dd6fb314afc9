//! The words of a page, all in one place. Here they are English; their German stands in the room of words.

use crate::words;

/// Words of the template, by the mark that stands for them.
const TEMPLATE: &[(&str, &str)] = &[
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
        "Close a hospital or one of its departments, open one at a place, start or end a cooperation, limit it to working days from 8 to 16, or move the limit: who is in time, times to treatment and the cases of all hospitals follow at once, as the program counts them.",
    ),
    ("changes", "Changes"),
    ("no_changes", "None: these are the figures of today."),
    ("reset", "Undo all"),
    ("copy", "Copy as scenario file"),
    ("results", "Before and after"),
    (
        "not_counted",
        "As today whatever is changed here: care pathways in which patients wait for an hour (elective ones), those whose team is alerted with the call, shares in time of care pathways, times until inner stages, and pathways with flights where journeys are not those of the crow-fly model. Copy the changes as a scenario file: verbund compare counts all of it.",
    ),
    (
        "no_script",
        "Without scripts this page shows the map and the tables as they are today; choosing another standard and the what-if need a script, which this page carries within itself.",
    ),
    ("standards", "Who reaches care in time"),
    (
        "band_note",
        "Limits are inclusive. The band: the share in time if all journeys were as slow, and as quick, as the margin of the travel model allows. Not decided: within the band the verdict turns.",
    ),
    ("plots", "Pictures: minutes, beds, closures"),
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
];

/// Words of the script, by key.
const SCRIPT: &[(&str, &str)] = &[
    ("people", "people"),
    ("minutes", "min"),
    ("mean", "mean"),
    ("noWay", "no hospital in reach"),
    ("noneDone", "nobody has a way to its end"),
    ("peopleWithoutWay", "without a way to its end"),
    ("doesLast", "does it by itself"),
    ("doesNotLast", "does not do it by itself"),
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
    ("timed", "Some of it keeps opening hours: single departments are closed with the program."),
    ("open", "Open a hospital here that meets"),
    ("openButton", "Open it"),
    ("start", "Start a cooperation from here"),
    ("startKind", "What:"),
    ("startTo", "With:"),
    ("startField", "In:"),
    ("startButton", "Start"),
    ("kindTelemedicine", "expert help from afar"),
    ("kindTransfer", "patients handed on"),
    ("kindVisitingTeam", "a team that travels"),
    ("kindCentralService", "a centre's results"),
    ("kindSharedOnCall", "an on-call roster together"),
    ("kindSharedBeds", "beds together"),
    ("kindStaffPool", "a pool of staff"),
    ("changeStarted", "Starts: {kind}, {from} and {to}, {field}"),
    (
        "mutualNote",
        "What partners share (rosters, beds, staff) shows in the simulation of the program, in no figure here.",
    ),
    ("counting", "Times to treatment and cases are being counted …"),
    ("pathways", "Time to treatment"),
    ("pathway", "Care pathway"),
    ("nearestDoor", "nearest door first"),
    ("freeDoor", "free choice of the door"),
    ("anyDoor", "whichever the door"),
    ("sooner", "People sooner"),
    ("later", "People later"),
    ("withoutWay", "Without a way"),
    (
        "mediansNote",
        "From the call to the end of the last stage, by the medians of durations; verbund pathway counts how durations scatter, and says when which stage starts.",
    ),
    ("noPathway", "No care pathway takes another time until its last stage."),
    ("receivers", "Where the cases go"),
    ("hospital", "Hospital"),
    ("cases", "Cases a year"),
    ("more", "More, fewer"),
    ("occupancy", "Occupancy"),
    ("moreReceivers", "{count} further hospitals change by a case a year or more."),
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
    ("changeByDay", "Cooperation {name} on working days from 8 to 16 only"),
    ("ends", "ends"),
    ("byDay", "Mon-Fri 8-16"),
    ("changeLimit", "Limit of {standard}: {minutes} min instead of {before}"),
    ("undo", "Undo"),
    ("standard", "Standard"),
    ("standards", "Standards"),
    ("pathwaysByDoor", "Care pathways, nearest door first"),
    (
        "legend_minutes",
        "Mean minutes from the call to the end of {stage} ({pathway}), nearest door first, by the medians of durations",
    ),
    ("legend_unreached", "nobody has a way to its end"),
    ("legend_some_beyond", "some people without a way to its end"),
    ("legend_most_beyond", "most people without a way to its end"),
    ("legend_lost", "after the change more people later than sooner"),
    ("legend_won", "after the change more people sooner than later"),
    ("legend_qualifies", "dark: does {stage} by itself"),
    ("legend_does_not", "light: does not do it by itself"),
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
    ("arcEffect", "its end alone loses {hours} hours a year until treatment"),
    ("endUnknown", "It serves no care pathway: its end changes no figure here."),
    (
        "endNote",
        "Cooperations change care pathways, not who is near a hospital: the figures above stay.",
    ),
    ("overBand", "Over the band"),
    ("holds", "holds"),
    ("notDecided", "not decided"),
    (
        "bandNote",
        "Over the band: whether more people are in time, or fewer, is the same were all journeys slower or quicker by the same error of the travel model before and after.",
    ),
    ("limitNote", "Limits belong to the catalog, not to a scenario: this one is not in the file."),
    ("reason", "tried in the page"),
    ("scenarioName", "What if"),
    (
        "scenarioSource",
        "Put together in a page of verbund {version}, network {network}, as of {day}.",
    ),
    ("onTop", "On top of the scenario {name}."),
    ("scenarioAssumed", "all of it: an idea that was tried"),
    ("noAnswer", "There is no answer: {fault}"),
    ("newName", "New hospital at {place}"),
    ("operator", "not stated"),
    ("km", "km"),
];

/// Words of the template in the language in force.
pub(super) fn template_words() -> Vec<(&'static str, &'static str)> {
    in_force(TEMPLATE)
}

/// Words of the script in the language in force.
pub(super) fn script_words() -> Vec<(&'static str, &'static str)> {
    in_force(SCRIPT)
}

fn in_force(english: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut said = Vec::with_capacity(english.len());
    for (key, text) in english {
        said.push((*key, words::text(text)));
    }
    said
}

texts! {
    /// What a page leaves out.
    LeftOut {
        areas: "Borders are left out: with them the page would be too large. Places are discs of their area.",
        no_areas: "The network has no borders (areas.geojson): places are discs of their area.",
        area_without_place: "Areas that match no place: {list}.",
        place_without_area: "Places inside without an area, drawn as discs: {list}.",
        by_district: "The map shows the {count} districts of the network, not its places: they would make the page too large. Every figure counts all places.",
        places: "{count} places with few people are not drawn; every figure counts them.",
        hospitals: "{count} hospitals are not drawn, those outside first; every figure counts them.",
        what_if: "The what-if is left out: the journeys of this network would make the page too large. verbund compare --scenario does the same.",
        asked: "What is changed here, the program that shows this page counts: an answer takes a moment, and none comes once it has ended.",
        plots: "The pictures are left out: with them the page would be too large. verbund coverage --plot, simulate --plot and closures --plot draw them.",
        closures: "Closures against people in time are not drawn: of so many hospitals the search takes long. verbund closures --plot draws them.",
        opening: "Opening a hospital needs the program: journeys are not those of the crow-fly model.",
        rows: "{count} more",
        part_time: "{count} standards are met by some hospitals in part of the week only: here what is open in some hour counts.",
        sources: "{count} further sources, each named in the file of this page.",
    }
}

texts! {
    /// Headings of tables.
    Columns {
        standard: "Standard",
        people: "People",
        limit: "Limit, min",
        in_time: "In time",
        people_in_time: "People in time",
        band: "Band",
        band_ends: "{from} to {to}",
        band_not_decided: "{from} to {to}, not decided",
        over_band: "Over the band",
        name_not_decided: "{name} (not decided)",
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
        end: "End, limit",
    }
}

texts! {
    /// Care levels of hospitals.
    CareLevels {
        basic: "basic care (Regelversorgung)",
        priority: "priority care (Schwerpunktversorgung)",
        maximum: "maximum care (Maximalversorgung)",
        specialist: "specialist hospital (Fachkrankenhaus)",
        unknown: "care level unknown or none",
    }
}

texts! {
    /// Emergency stages of hospitals.
    Stages {
        minimum: "emergency stage: minimum",
        basic: "emergency stage 1 (basic)",
        extended: "emergency stage 2 (extended)",
        comprehensive: "emergency stage 3 (comprehensive)",
        none: "no emergency stage",
    }
}

texts! {
    /// What marks of the map mean.
    Legend {
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
        closed: "closed by the change",
        closed_one: "{name}: closed by the change",
        labels: "Hospitals",
        map: "Map",
    }
}

texts! {
    /// What a page tells of how it was made.
    Imprint {
        network: "Network",
        day: "As of",
        version: "Version",
        travel: "Travel times",
        simulation: "Simulation",
        days: "{days} days after {warm_up}; seed {seed}",
        runs: "{replications} replications of {days} days after {warm_up} days of warm-up, seed {seed}",
        command: "Command",
        not_asked_for: "Not in this page",
        subtitle: "{network}, as of {day}",
        residents: "{count} residents",
        place: "{name}: {people} people, {minutes} min",
        scale: "{count} km",
    }
}

texts! {
    /// What a change did.
    Change {
        heading: "Before and after: {name}",
        finding: "The change: {name}: most people are newly beyond a limit at {standard}, {people} beyond {limit} minutes. All that follows is the region after it.",
        finding_not_decided: "Whether it leaves more or fewer people in time is not decided by the road model.",
        nobody: "The change: {name}: nobody is newly beyond a limit. All that follows is the region after it.",
        places: "Places hit hardest",
        newly_in_time: "Newly in time",
        share_before: "In time, before",
        mean_before: "Mean minutes, before",
        after: "after",
        numbers: "In five numbers",
        newly_beyond: "people newly beyond {limit} minutes of {standard}",
        longer: "people with a longer journey to {standard}, by {minutes} minutes on average",
        later: "people whose treatment ends later ({pathway}, nearest door first), by {minutes} minutes on average",
        taken: "cases a year more at other hospitals",
        overfull: "hospitals that get more patients than their beds hold, and did not before",
        receivers: "Where the cases go",
        cases_before: "Cases a year, before",
        more: "More, fewer",
        occupancy_before: "Occupancy, before",
        treatment: "Time to treatment",
        pathway: "Care pathway",
        nearest_door: "nearest door first",
        free_door: "free choice of the door",
        any_door: "whichever the door",
        sooner: "People sooner",
        people_later: "People later",
    }
}

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
