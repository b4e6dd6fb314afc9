//! What the program prints in German has no English in it: every command on the small network, help, and errors.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rayon::prelude::*;

/// Words of English sentences that no German one has.
const ENGLISH: [&str; 62] = [
    "the",
    "of",
    "and",
    "with",
    "is",
    "are",
    "not",
    "for",
    "from",
    "which",
    "whose",
    "by",
    "nobody",
    "their",
    "has",
    "have",
    "no",
    "when",
    "where",
    "who",
    "people",
    "hospital",
    "hospitals",
    "beds",
    "unknown",
    "assumed",
    "to",
    "than",
    "this",
    "that",
    "other",
    "others",
    "only",
    "what",
    "how",
    "or",
    "without",
    "before",
    "after",
    "days",
    "hours",
    "year",
    "minutes",
    "wards",
    "each",
    "every",
    "all",
    "more",
    "most",
    "least",
    "first",
    "next",
    "open",
    "closed",
    "choice",
    "nearest",
    "free",
    "default",
    "required",
    "invalid",
    "unexpected",
    "found",
];

/// What files say in English: names, sources, notes and examples, which no program translates.
const OF_FILES: [&str; 10] = [
    "Small network",
    "Example group",
    "Invented for tests and examples",
    "too few nurses on holidays",
    "too few doctors and nurses to run the wards",
    "water damage",
    "repaired",
    "small network of tests",
    "of the small network",
    "the example has no ambulances",
];

/// Commands on the small network, a line each. Lists of what a catalog says in English (sources, derivations, needs,
/// rates, standards, pathways, changes with their examples) are left out.
const COMMANDS: &str = "\
report
report --full
report --at Sat_03:00
info
info north
info --list alliances
info --list hospitals
info --list scenarios
info --list places
info --list columns
check
coverage
coverage --by district
coverage --by place
coverage --by hospital
coverage --by gap
coverage ct --at Sat_03:00
pathway
pathway stroke --by district --without tele-stroke
pathway stroke --by place
pathway stroke --by stage
pathway stroke --by hospital
pathway stroke --by cooperation
pathway stroke --during night
pathway stroke --protocol bypass --detour 10
pathway stroke --protocol direct-to-centre
pathway stroke --first-leg ambulance,helicopter,own-car
pathway stroke --hours tele-stroke_Mon-Fri_8-16
flows
flows --by department
flows --by treatment
flows --by specialty
flows --by place
flows --choice nearest
flows --choice capacity
flows --specialty neurology
beds --arrivals 9.5 --stay 6 --replications 2 --days 100
beds --arrivals 9.5 --stay 6 --wait 5 --replications 2 --days 100
beds --hospital north --specialty internal_medicine --replications 2 --days 100
simulate --days 7 --replications 2
simulate --days 7 --replications 2 --by hospital
simulate --days 7 --replications 2 --by ward
simulate --days 7 --replications 2 --by cooperation
simulate --days 7 --replications 2 --by pathway
simulate --days 7 --replications 2 --by place
simulate --days 7 --replications 2 --by hour
simulate --days 7 --replications 2 --by day
simulate --by assumed
sensitivity --days 7 --replications 2 --points 2 --trajectories 0
graph
graph north
graph --field neurology
graph --dependences --field neurology
alliance
alliance example-group
alliance example-group --indicators --computed
alliance example-group --compare --computed
alliance example-group --without north
alliance example-group --concentrate neurology
cooperation
cooperation --pathway stroke
cooperation tele-stroke
cooperation tele-stroke --by place
cooperation tele-stroke --hours Mon-Fri_8-16
cooperation --between north south
cooperation --suggest telemedicine --field neurology
critical
critical stroke --by district
critical stroke --by place
closures --standard stroke_unit
closures --standard stroke_unit --order 2 --by receiver
closures --standard stroke_unit --nobody-beyond
route --from Bedorf --need stroke_unit
route --from Bedorf --pathway stroke
route --from Bedorf --pathway stroke --all
rules groups
rules groups north
rules groups --unlock
rules levels
rules supplement
rules supplement --sensitivity
rules volumes --year 2027
rules volumes --sensitivity
coverage strk
coverage ct --by foo
coverage ct --within 0
pathway strk
pathway stroke --add telemedicine_a_b_c
pathway stroke --without nope
pathway stroke --at Mo_25:00
pathway stroke --detour 5
route --from Trgau --need stroke_unit
route --from Bedorf
compare --scenario nope
compare
info nrth
info --as-of 2026-13-01
check --scenario nope.ron
simulate --days 0
simulate --set foo=1
simulate --set stay_cv=-1
simulate --figure nope
simulate --settings nope.ron
beds
closures
closures --standard stroke_unit --order 7
rules groups nope
rules supplement --provision Z
graph --field nope
alliance nope
cooperation nope
cooperation --between north north
queue nope.json
isochrone --from north
flows --beds-exponent abc
nope
--foo
--help
report --help
page --help
info --help
check --help
coverage --help
pathway --help
route --help
flows --help
beds --help
simulate --help
queue -h
graph --help
alliance --help
cooperation --help
critical --help
closures --help
compare --help
rules --help
rules groups --help
rules levels --help
rules supplement --help
rules volumes --help
rules emergency --help
init --help
import --help
import region --help
roads --help
roads import --help
travel-times --help
isochrone --help
sensitivity --help
completions --help";

/// What a command prints in German; underscores within a word of `COMMANDS` that hold blanks are blanks.
fn printed(line: &str) -> String {
    let output = asked(line, "de_DE.UTF-8");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// What a command answers where the system is set to a language.
fn asked(line: &str, language: &str) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    command.env("LANG", language).env_remove("LC_ALL").env_remove("LC_MESSAGES");
    for word in line.split(' ') {
        let is_several = ["Sat_", "Mo_", "Mon-Fri_", "_Mon-Fri", "telemedicine_"];
        let is_several = is_several.iter().any(|part| word.contains(part));
        command.arg(if is_several { word.replace('_', " ") } else { word.to_owned() });
    }
    if !line.contains("--help") {
        command.args(["--network", "builtin:small"]);
    }
    command.output().expect("the program starts")
}

/// Sources of the catalog, which are English in every language.
fn sources() -> Vec<String> {
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/catalog");
    let mut sources = Vec::new();
    for file in fs::read_dir(catalog).expect("the catalog is there") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a file is read");
        for behind in text.split("source: \"").skip(1) {
            let source = behind.split('"').next().unwrap_or_default();
            // A word alone is one that the program says itself, such as "assumed".
            if source.contains(' ') {
                sources.push(source.to_owned());
            }
        }
    }
    sources
}

/// A text without what somebody else says, wherever its lines end.
fn without(text: &str, said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    let Some(first) = words.first() else { return text.to_owned() };
    let (mut left, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(first) {
        left.push_str(&rest[..start]);
        rest = &rest[start..];
        let behind =
            words.iter().try_fold(rest, |rest, word| rest.trim_start().strip_prefix(*word));
        rest = behind.unwrap_or_else(|| {
            left.push_str(first);
            &rest[first.len()..]
        });
    }
    left.push_str(rest);
    left
}

/// A line without cells that are keys: names of columns, indicators, settings and commands, as files and flags write
/// them.
fn without_keys(command: &str, line: &str) -> String {
    let is_keyed = command.ends_with("--help")
        || ["info --list columns", "alliance example-group --indicators --computed"]
            .contains(&command);
    if let Some((key, behind)) = line.trim_start().split_once("  ")
        && is_keyed
        && !key.contains(' ')
    {
        return behind.to_owned();
    }
    let keys: &[&str] = match command {
        "info --list hospitals" => &["Hospital"],
        "simulate --by assumed" => &["choice", "days"],
        _ => &[],
    };
    let mut line = line.to_owned();
    for key in keys {
        line = line.replace(&format!("  {key}  "), "  ");
    }
    line
}

/// The English words of a line, without what stands in quotation marks, commands, flags and keys.
fn english(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let letters = |letter: char| letter.is_alphanumeric() || "-_.:/<>[]=`\"'".contains(letter);
    for word in line.split(|letter| !letters(letter)) {
        let bare = word.trim_end_matches(['.', ':']);
        if ENGLISH.contains(&bare.to_lowercase().as_str()) {
            found.push(word);
        }
    }
    found
}

/// A line without what is no sentence of the program: quoted words, `commands`, possible values of flags.
fn sentences(line: &str) -> String {
    let mut text = line.to_owned();
    for name in OF_FILES {
        text = text.replace(name, "");
    }
    for mark in ['`', '"', '\''] {
        text = text.split(mark).step_by(2).collect::<Vec<_>>().join(" ");
    }
    for opening in ["[mögliche Werte:", "[Vorgabe:", "--by ", "- "] {
        if let Some((before, behind)) = text.split_once(opening) {
            // The value of a list of values stands before the colon.
            let after =
                if opening == "- " { behind.split_once(':') } else { behind.split_once(']') };
            let after = after.map_or("", |(_, after)| after);
            if opening != "- " || before.trim().is_empty() {
                text = format!("{before} {after}");
            }
        }
    }
    // A list of possible values that began in the line before.
    if let Some((before, behind)) = text.split_once(']')
        && before.contains(", ")
        && before.split(", ").all(|value| !value.trim().contains(' '))
    {
        text = String::from(behind);
    }
    match text.split_once("verbund ") {
        Some((before, _)) => before.to_owned(),
        None => text,
    }
}

#[test]
fn no_command_prints_english_where_german_is_asked_for() {
    let lines: Vec<&str> = COMMANDS.lines().collect();
    let sources = sources();
    let mut wrong: Vec<String> = lines
        .par_iter()
        .flat_map_iter(|command| {
            let mut text = printed(command);
            // What stands around a key until it is told as a name is for nobody to see.
            assert!(!text.contains(['\u{f8f0}', '\u{f8f1}']), "{command}: {text}");
            for source in &sources {
                text = without(&text, source);
            }
            let mut wrong = Vec::new();
            for line in text.lines() {
                let words = english(&sentences(&without_keys(command, line))).join(", ");
                if !words.is_empty() {
                    wrong.push(format!("{command}: {line} ({words})"));
                }
            }
            wrong
        })
        .collect();
    wrong.sort();
    assert!(wrong.is_empty(), "{} lines are English:\n{}", wrong.len(), wrong.join("\n"));
}

/// Tables from which people take keys for flags and files.
const OF_KEYS: [&str; 5] = ["--list", "--indicators", "--by assumed", "--help", "graph"];

/// The keys among the words of a line: what has an underscore, and cooperations; but for quoted words and commands.
fn keys(line: &str) -> Vec<&str> {
    let line = line.split("verbund ").next().unwrap_or_default();
    let mut found = Vec::new();
    for part in line.split(['`', '"']).step_by(2) {
        for word in part.split(|letter: char| !letter.is_alphanumeric() && !"_-".contains(letter)) {
            // A flag is no key.
            let is_key = word.contains('_') || word == "tele-stroke";
            if is_key && !word.starts_with('-') {
                found.push(word);
            }
        }
    }
    found
}

#[test]
fn no_command_prints_keys_where_people_read_names() {
    let commands: Vec<&str> = COMMANDS.lines().collect();
    let mut wrong: Vec<String> = commands
        .par_iter()
        .flat_map_iter(|command| {
            let mut wrong = Vec::new();
            if OF_KEYS.iter().any(|part| command.contains(part)) {
                return wrong;
            }
            for language in ["de_DE.UTF-8", "en_GB.UTF-8"] {
                // Refusals name the keys that are possible, on standard error.
                let text = asked(command, language).stdout;
                for line in String::from_utf8_lossy(&text).lines() {
                    let keys = keys(line).join(", ");
                    if !keys.is_empty() {
                        wrong.push(format!("{command}: {line} ({keys})"));
                    }
                }
            }
            wrong
        })
        .collect();
    wrong.sort();
    assert!(wrong.is_empty(), "{} lines have keys:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn keys_are_found_among_names() {
    assert_eq!(
        keys("Auslastung: occupancy_share, 3 von (free_beside)"),
        ["occupancy_share", "free_beside"]
    );
    assert_eq!(keys("ohne tele-stroke, mit --stroke_unit"), ["tele-stroke"]);
    assert_eq!(keys("mehr: `stay_cv` und verbund flows --by stroke_unit"), Vec::<&str>::new());
}

#[test]
fn english_is_found_among_german() {
    assert_eq!(english("Fälle: expected cases of a year"), ["of", "year"]);
    assert_eq!(
        english(&sentences("Es gibt: `the one`, \"of\" [Vorgabe: free]")),
        Vec::<&str>::new()
    );
    assert_eq!(english("nächste-door all_of --by"), Vec::<&str>::new());
    assert_eq!(english(&sentences("   free, rush-hour, snow]")), Vec::<&str>::new());
    assert_eq!(english(&sentences("   of all, free, snow]")), ["of", "all", "free"]);
    let quoted = "Quelle: annex of\n the law; geprüft. Annex of what";
    assert_eq!(without(quoted, "annex of the law"), "Quelle: ; geprüft. Annex of what");
    assert_eq!(without("annex of annex 1", "annex 1"), "annex of ");
    assert_eq!(without_keys("info --list columns", " year   Jahr"), " Jahr");
    assert_eq!(without_keys("coverage", " year   Jahr"), " year   Jahr");
}

#[test]
fn what_programs_read_is_english_and_what_is_told_beside_it_is_german() {
    let json = printed("coverage --format json");
    let english = json.replace("\"version\"", "");
    assert!(
        english.contains("\"title\": \"Coverage\"") && !english.contains("Luftlinie"),
        "{json}"
    );
    let error = printed("coverage strk --format json");
    assert!(error.contains("Standard unbekannt"), "{error}");
}
