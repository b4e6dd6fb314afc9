//! How files are read: byte order marks, spreadsheets, line ends, links, paths, and their cost.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use verbund::files::Folder;
use verbund::problem::{ProblemKind, Problems, closest};
use verbund::scenario::{Scenario, ScenarioDraft};

use crate::problems::Copy;

const SIMPLE_PLACES: &str = "id,name,lat,lon,people\n\
     a,Adorf,50.955034,12.0,1000\nb,Bedorf,50.910068,12.0,2000\nc,Cedorf,50.820136,12.0,4000\n";

impl Copy {
    /// A file with these bytes, in place of what there was.
    fn write(self, file: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.folder.join(file), bytes).unwrap();
        self
    }

    fn without(self, file: &str) -> Self {
        fs::remove_file(self.folder.join(file)).unwrap();
        self
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap()
    }

    fn faults(&self) -> Problems {
        Folder::open(&self.folder).read().expect_err("the copy has faults")
    }

    #[track_caller]
    fn assert_messages(&self, expected: &[&str]) {
        assert_eq!(self.messages(), expected);
    }

    #[track_caller]
    fn assert_sound(&self) {
        if let Err(problems) = Folder::open(&self.folder).read() {
            panic!("{problems}");
        }
    }
}

fn surge(text: &str) -> String {
    format!(
        "Scenario(format: 1, id: \"s\", name: \"S\", source: \"x\", changes: [(on: \"2026-02-01\", \
         reason: \"r\", change: {text})])"
    )
}

// Encodings

#[test]
fn a_byte_order_mark_is_read_over_in_every_file() {
    let mut copy = Copy::new();
    for file in ["network.ron", "places.csv", "../catalog/standards.ron", "../catalog/pathways.ron"]
    {
        let text = copy.text(file);
        copy = copy.write(file, format!("\u{feff}{text}"));
    }
    copy.assert_sound();
    let model = Folder::small().read().unwrap();
    let text = format!("\u{feff}{}", surge("CloseHospital(\"south\")"));
    assert!(Scenario::read(&text, "s.ron", &model.network, &model.places).is_ok());
    let path = copy.folder.join("s.ron");
    fs::write(&path, text).unwrap();
    assert!(Scenario::open(&path, &model.network, &model.places).is_ok());
    let table = format!("\u{feff}{}", copy.text("places.csv"));
    fs::write(copy.folder.join("people.csv"), table.trim_start_matches('\u{feff}')).unwrap();
    fs::write(&path, surge("SetPopulation(table: \"people.csv\")")).unwrap();
    assert!(Scenario::open(&path, &model.network, &model.places).is_ok());
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    let text = format!("\u{feff}{}", SIMPLE_PLACES.replace("50.955034", "xx"));
    Copy::new().write("places.csv", text).assert_messages(&[
        "places.csv:2:3: place \"a\", field lat: \"xx\" is not what belongs here; expected a number \
         with a decimal point",
    ]);
}

#[test]
fn other_encodings_are_one_fault_with_their_line() {
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(SIMPLE_PLACES.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let message = "places.csv:1:1: the file is UTF-16; save it as UTF-8";
    Copy::new().write("places.csv", &utf16).assert_messages(&[message]);
    let network = Copy::new().text("network.ron");
    let utf16: Vec<u8> = network.encode_utf16().flat_map(u16::to_be_bytes).collect();
    Copy::new().write("network.ron", &utf16).assert_messages(&[
        "network.ron:1:1: the file is no text: it has a zero byte, as UTF-16 has; save it as UTF-8",
    ]);
    let latin: Vec<u8> =
        SIMPLE_PLACES.replace("Cedorf", "C\u{f6}dorf").chars().map(|c| c as u8).collect();
    let message = "places.csv:4:4: the file is not UTF-8 (byte 0xf6); save it as UTF-8";
    Copy::new().write("places.csv", &latin).assert_messages(&[message]);
    let mac: Vec<u8> =
        latin.iter().map(|byte| if *byte == b'\n' { b'\r' } else { *byte }).collect();
    Copy::new().write("places.csv", mac).assert_messages(&[message]);
}

// Spreadsheets

#[test]
fn what_a_german_spreadsheet_writes_is_one_clear_fault_each() {
    let separators = "places.csv:1:1: the columns are separated by semicolons; expected commas, and \
                      decimal points";
    let semicolons = SIMPLE_PLACES.replace(',', ";").replace('.', ",");
    Copy::new().write("places.csv", semicolons).assert_messages(&[separators]);
    for mark in [",", ";"] {
        let text = format!("sep={mark}\n{}", SIMPLE_PLACES.replace(',', mark));
        Copy::new().write("places.csv", text).assert_messages(&[
            "places.csv:1:1: the first line says how a spreadsheet separates columns (sep=); \
             expected the names of the columns, separated by commas",
        ]);
    }
    for (number, right) in [("1.000", "1000"), ("12.345.678", "12345678"), ("1 000", "1000")] {
        let text = SIMPLE_PLACES.replace(",1000", &format!(",{number}"));
        let expected = format!(
            "places.csv:2:5: place \"a\", field people: \"{number}\" is not what belongs here; \
             expected a whole number of people from 0, written without marks for thousands: {right}"
        );
        Copy::new().write("places.csv", text).assert_messages(&[&expected]);
    }
    let text = SIMPLE_PLACES.replace('\n', ",,\n");
    Copy::new().write("places.csv", text).assert_messages(&[
        "places.csv:1:6: a column without a name; expected a name, or no column",
        "places.csv:1:7: a column without a name; expected a name, or no column",
    ]);
    let text = format!("{SIMPLE_PLACES},,,,\n,,,,\n");
    Copy::new().write("places.csv", text).assert_messages(&[
        "places.csv:5:1: the row is empty; expected a row with values, or none",
        "places.csv:6:1: the row is empty; expected a row with values, or none",
    ]);
    let text = SIMPLE_PLACES.replace("12.0,1000", "\"12,0\",1000");
    Copy::new().write("places.csv", text).assert_messages(&[
        "places.csv:2:4: place \"a\", field lon: \"12,0\" is not what belongs here; expected a number \
         with a decimal point",
    ]);
}

#[test]
fn a_decimal_comma_and_a_point_for_thousands_are_named_in_records() {
    let copy = Copy::new().with(
        "network.ron",
        "(lat: 51.000000, lon: 12.0)",
        "(lat: 51,000000, lon: 12,0)",
    );
    let text = copy.text("network.ron");
    let line = text[..text.find("51,000000").unwrap()].matches('\n').count() + 1;
    let message = format!("network.ron:{line}:29: 51,000000 has a decimal comma; write 51.000000");
    copy.assert_messages(&[&message]);
    let messages = Copy::new().with("network.ron", "beds: 200,", "beds: 1.200,").messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].ends_with(
        "field beds: 1.200 is not what belongs here; expected a whole number, written without a point: 1200"
    ));
    let messages = Copy::new().with("network.ron", "beds: 200,", "beds: 1,200,").messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(
        messages[0].ends_with(": 1,200 has a comma; write 1.200, or 1200 where it marks thousands")
    );
    for (mark, other) in [('„', '“'), ('”', '”'), ('«', '»'), ('\'', '\'')] {
        let name = format!("{mark}Klinikum Nord{other}");
        let copy = Copy::new().with("network.ron", "\"Klinikum Nord\"", &name);
        let text = copy.text("network.ron");
        let line = text[..text.find(&name).unwrap()].matches('\n').count() + 1;
        copy.assert_messages(&[&format!(
            "network.ron:{line}:32: {mark} is no quotation mark of this notation; write \""
        )]);
    }
}

#[test]
fn a_cell_ends_in_its_line_and_no_row_is_swallowed() {
    let expected = "expected every row in one line, and a mark within a cell twice";
    let over = "a,Adorf,50.9,12.0,1000\nb,\"Bedorf,50.8,12.0,1000\nc,Cedorf\",50.7,12.0,1000\n";
    Copy::new().write("places.csv", format!("id,name,lat,lon,people\n{over}d,D,50.6,x,1\n")).assert_messages(&[
        &format!("places.csv:3:2: the cell goes on in line 4: a line break within a cell; {expected}"),
        "places.csv:5:4: place \"d\", field lon: \"x\" is not what belongs here; expected a number with a \
         decimal point",
    ]);
    let open = SIMPLE_PLACES.replace("Bedorf", "\"Bedorf");
    Copy::new().write("places.csv", open).assert_messages(&[&format!(
        "places.csv:3:2: a quotation mark that no other one follows; {expected}"
    )]);
    let within = SIMPLE_PLACES.replace("Bedorf", "Bedorf 5\" rule");
    Copy::new().write("places.csv", within).assert_messages(&[
        "places.csv:3:2: a quotation mark within a cell; expected the cell in quotation marks, and the \
         mark within it twice",
    ]);
    let copy =
        Copy::new().write("places.csv", SIMPLE_PLACES.replace("Bedorf", "\"Bedorf, 5\"\" rule\""));
    let model = Folder::open(&copy.folder).read().unwrap();
    assert_eq!(model.places.places[1].name, "Bedorf, 5\" rule");
}

#[test]
fn lines_are_counted_alike_with_every_line_end() {
    let table = "id,name,lat,lon,people\n\na,Adorf,50.9,12.0,1\n\nd,Dedorf,xx,12.0,1\n";
    let journeys = "place,hospital,minutes\na,north,1\nb,north,xx\n";
    for end in ["\n", "\r\n", "\r"] {
        Copy::new().write("places.csv", table.replace('\n', end)).assert_messages(&[
            "places.csv:5:3: place \"d\", field lat: \"xx\" is not what belongs here; expected a number \
             with a decimal point",
        ]);
        let copy = Copy::new()
            .with(
                "network.ron",
                "places: \"places.csv\",",
                "places: \"places.csv\", travel_times: \"t.csv\",",
            )
            .write("t.csv", journeys.replace('\n', end));
        copy.assert_messages(&[
            "t.csv:3:3: journey from \"b\" to \"north\", field minutes: \"xx\" is not what belongs here; \
             expected a number with a decimal point",
        ]);
        let network =
            Copy::new().with("network.ron", "care_level: Priority", "care_level: Priorit");
        let line = network.messages()[0].split(':').nth(1).unwrap().to_owned();
        let text = network.text("network.ron").replace('\n', end);
        let network = network.write("network.ron", text);
        assert!(network.messages()[0].starts_with(&format!("network.ron:{line}:")), "{end:?}");
        let model = Folder::small().read().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let people = "id,name,lat,lon,people\na,A,51,12,1\nb,B,51,xx,1\n".replace('\n', end);
        fs::write(folder.path().join("p.csv"), people).unwrap();
        let path = folder.path().join("s.ron");
        fs::write(
            &path,
            surge("SetPopulation(table: \"p.csv\")").replace(", ", &format!(",{end}")),
        )
        .unwrap();
        let problems =
            Scenario::open(&path, &model.network, &model.places).unwrap_err().to_string();
        assert!(problems.contains("p.csv:3:4: place \"b\", field lon"), "{problems}");
    }
}

#[test]
fn a_table_with_faults_accuses_no_journey() {
    let copy = Copy::new()
        .with(
            "network.ron",
            "places: \"places.csv\",",
            "places: \"places.csv\", travel_times: \"t.csv\",",
        )
        .write("places.csv", SIMPLE_PLACES.replace("Bedorf", "B\"edorf"))
        .write("t.csv", "place,hospital,minutes\na,north,1\nb,north,2\nc,norht,1\n");
    let messages = copy.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert!(messages[0].starts_with("places.csv:3:2: a quotation mark within a cell"));
    assert!(
        messages[1]
            .starts_with("t.csv:4:2: journey from \"c\" to \"norht\", field hospital: unknown")
    );
}

// Letters

#[test]
fn letters_that_nobody_sees_or_a_terminal_obeys_are_faults_of_names() {
    for (letter, name) in [
        ("\\u{1b}[2J", "the invisible character U+001B in a text"),
        ("\u{202e}", "the invisible character U+202E in a text"),
        ("\\u{200f}", "the invisible character U+200F in a text"),
        ("\u{9b}", "the invisible character U+009B in a text"),
        ("\\n", "a line break in a text of one line"),
        ("\n", "a line break in a text of one line"),
        ("\\t", "a tab in a text of one line"),
    ] {
        let copy = Copy::new().with(
            "network.ron",
            "\"Klinikum Nord\"",
            &format!("\"Klinikum{letter}Nord\""),
        );
        let messages = copy.messages();
        assert_eq!(messages.len(), 1, "{messages:#?}");
        let expected = format!("field name: {name}; expected letters that can be seen, and blanks");
        assert!(messages[0].ends_with(&expected), "{messages:#?}");
    }
    let text = SIMPLE_PLACES.replace("Bedorf", "Be\u{1b}[31mdorf");
    Copy::new().write("places.csv", text).assert_messages(&[
        "places.csv:3:2: field name: the invisible character U+001B in a cell; expected letters that can \
         be seen, and blanks",
    ]);
    // A note may have lines, and letters of every language are letters.
    Copy::new()
        .with(
            "network.ron",
            "\"Klinikum Nord\"",
            "\"Klinik Łódź Ünal \u{5d0} 京\", note: \"a\\n\\tb\"",
        )
        .assert_sound();
}

// Notation

#[test]
fn raw_texts_may_hold_what_looks_like_a_comment_or_an_end() {
    for (written, name) in [
        ("r#\"5\" rule // x\"#", "5\" rule // x"),
        ("r#\"a\" /* b\"#", "a\" /* b"),
        ("r\"a // b\"", "a // b"),
        ("r##\"a \"# b\"##", "a \"# b"),
        ("\"a \\\" // ) , b\"", "a \" // ) , b"),
        ("\"*/ // /*\" /* \" */ // \"", "*/ // /*"),
        ("Some(r#\"x\" /*\"#)", "x\" /*"),
    ] {
        let copy = Copy::new().with(
            "network.ron",
            "name: \"Klinikum Nord\",",
            &format!("name: {written}\n,"),
        );
        let model = Folder::open(&copy.folder)
            .read()
            .unwrap_or_else(|faults| panic!("{written}: {faults}"));
        let north = &model.network[model.network.find("north").unwrap()];
        assert_eq!(north.name, name, "{written}");
    }
}

#[test]
fn comments_and_raw_texts_stand_in_words_with_terms() {
    let copy = Copy::new()
        .with(
            "network.ron",
            "kind: Telemedicine(consult",
            "kind: Telemedicine /* ( */ ( // )\n consult",
        )
        .with("network.ron", "ownership: Public", "ownership: r\"Public\"");
    copy.assert_sound();
    let model = Folder::small().read().unwrap();
    for change in [
        "CloseHospital(/* \"north\" */ \"south\" // \")\"\n)",
        "CloseHospital /* so */ (r#\"south\"#)",
        "/* \"Surge(\" */ CloseHospital(\"south\")",
    ] {
        let read = Scenario::read(&surge(change), "s.ron", &model.network, &model.places);
        assert!(read.is_ok(), "{change}: {}", read.unwrap_err());
    }
    let folder = Copy::new();
    let standards = folder.text("../catalog/standards.ron");
    assert!(standards.contains("Facility(\"stroke_unit\")"));
    folder
        .with(
            "../catalog/standards.ron",
            "Facility(\"stroke_unit\")",
            "Facility( /* a ) */ r\"stroke_unit\" // x\n)",
        )
        .assert_sound();
}

// Files that are not there, or are something else

#[test]
fn an_optional_file_that_is_a_folder_is_told() {
    for file in ["pathways.ron", "supplement.ron"] {
        let copy = Copy::new().without(&format!("../catalog/{file}"));
        fs::create_dir(copy.folder.join("../catalog").join(file)).unwrap();
        let messages = copy.messages();
        assert_eq!(messages.len(), 1, "{messages:#?}");
        assert!(messages[0].starts_with(&format!("../catalog/{file}: cannot read ")));
        assert!(messages[0].ends_with("it is a folder; a file is needed"));
    }
    let copy = Copy::new().write("scenarios", "x");
    let messages = copy.messages();
    assert!(messages[0].starts_with("scenarios: cannot read the folder "), "{messages:#?}");
    assert!(messages[0].ends_with("it is no folder"), "{messages:#?}");
    assert!(Folder::open(&copy.folder).scenarios().is_err());
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_out_of_the_folder_are_told() {
    use std::os::unix::fs::symlink;
    let link = |target: &Path, file: &str| {
        let copy = Copy::new();
        let path = copy.folder.join(file);
        let _ = fs::remove_file(&path);
        symlink(target, path).unwrap();
        copy
    };
    let messages = link(Path::new("/no/such/pathways.ron"), "../catalog/pathways.ron").messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].ends_with("the link leads to /no/such/pathways.ron, which is not there"));
    assert!(messages[0].starts_with("../catalog/pathways.ron: cannot read "));

    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("secret.csv");
    fs::write(&secret, SIMPLE_PLACES.replace("Adorf", "token")).unwrap();
    let copy = link(&secret, "places.csv");
    let problems = copy.faults();
    assert_eq!(problems.count(), 1, "{problems}");
    assert_eq!(problems.list()[0].kind, ProblemKind::Outside);
    assert!(
        problems
            .to_string()
            .contains("\"places.csv\" is a link that leads out of the folder of the network, to ")
    );
    assert!(!problems.to_string().contains("token"));
    assert!(Folder::open(&copy.folder).allow_outside().read().is_ok());

    // Within the folder, links are as good as files.
    let copy = Copy::new();
    fs::rename(copy.folder.join("places.csv"), copy.folder.join("people.csv")).unwrap();
    symlink("people.csv", copy.folder.join("places.csv")).unwrap();
    copy.assert_sound();
    // So is a link to the whole network.
    let all = tempfile::tempdir().unwrap();
    symlink(&copy.folder, all.path().join("link")).unwrap();
    assert!(Folder::open(all.path().join("link")).read().is_ok());
}

#[cfg(unix)]
#[test]
fn only_regular_files_of_a_bounded_size_are_read() {
    use std::os::unix::fs::symlink;
    let copy = Copy::new().without("places.csv");
    symlink("/dev/zero", copy.folder.join("places.csv")).unwrap();
    let problems = Folder::open(&copy.folder).allow_outside().read().unwrap_err();
    assert!(problems.to_string().contains("it is no regular file; a file is needed"), "{problems}");
    let copy = copy.without("places.csv");
    let made = std::process::Command::new("mkfifo").arg(copy.folder.join("places.csv")).status();
    if made.is_ok_and(|status| status.success()) {
        let messages = copy.messages();
        assert!(messages[0].ends_with("it is no regular file; a file is needed"), "{messages:#?}");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_with_its_size() {
    for (file, size, message) in [
        ("places.csv", 1_000_000_001, "it has 1001 MB; at most 1000 MB are read"),
        ("network.ron", 100_000_001, "it has 101 MB; at most 100 MB are read"),
    ] {
        let copy = Copy::new();
        // A file with a hole: it takes no place on the disk.
        fs::File::create(copy.folder.join(file)).unwrap().set_len(size).unwrap();
        let messages = copy.messages();
        assert_eq!(messages.len(), 1, "{messages:#?}");
        assert!(messages[0].ends_with(message), "{messages:#?}");
    }
}

#[test]
fn a_misspelt_file_is_told_where_it_can_be_guessed() {
    for (right, wrong) in [
        ("pathways.ron", "pathway.ron"),
        ("pathways.ron", "Pathways.ron"),
        ("pathways.ron", "pathways.ron.txt"),
        ("minimum_volumes.ron", "MINIMUM_VOLUMES.RON"),
    ] {
        let copy = Copy::new();
        let catalog = copy.folder.join("../catalog");
        fs::rename(catalog.join(right), catalog.join(wrong)).unwrap();
        copy.assert_messages(&[&format!(
            "../catalog/{wrong}: the file is not read; did you mean \"{right}\"?"
        )]);
    }
    Copy::new().write("travel_time.csv", "").assert_messages(&[
        "travel_time.csv: the file is not read; did you mean \"travel_times.csv\"?",
    ]);
    // A file that must be there is missed by its name, with the one that is there.
    let copy = Copy::new();
    fs::rename(copy.folder.join("places.csv"), copy.folder.join("place.csv")).unwrap();
    let messages = copy.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].ends_with("there is no such file; did you mean \"place.csv\"?"));
    let copy = Copy::new();
    let catalog = copy.folder.join("../catalog");
    fs::rename(catalog.join("demand.ron"), catalog.join("DEMAND.RON")).unwrap();
    fs::rename(copy.folder.join("network.ron"), copy.folder.join("network.ron.txt")).unwrap();
    let messages = copy.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].ends_with("there is no such file; did you mean \"network.ron.txt\"?"));
    fs::rename(copy.folder.join("network.ron.txt"), copy.folder.join("network.ron")).unwrap();
    let messages = copy.messages();
    assert!(
        messages[0].ends_with("there is no such file; did you mean \"DEMAND.RON\"?"),
        "{messages:#?}"
    );
    let copy = Copy::new();
    fs::create_dir(copy.folder.join("scenarios")).unwrap();
    let copy = copy.write("scenarios/winter.RON", "x").write("scenarios/people.csv", "x");
    copy.assert_messages(&[
        "scenarios/winter.RON: the file is not read: its name has another ending; expected a name that \
         ends in .ron",
    ]);
    // Other files are nobody's business.
    Copy::new()
        .write("README.md", "")
        .write("notes.txt", "")
        .write("../catalog/own.csv", "")
        .assert_sound();
}

// Paths

#[test]
fn a_network_reads_files_of_its_folder_and_its_catalog_only() {
    let outside = "unless files outside of it are allowed";
    for (old, new, message) in [
        (
            "places: \"places.csv\"",
            "places: \"\"",
            "field places: is empty; expected the name of a file or folder".to_owned(),
        ),
        (
            "places: \"places.csv\"",
            "places: \"/etc/passwd\"",
            format!(
                "field places: \"/etc/passwd\" is an absolute path; expected a file in the folder of the network, {outside}"
            ),
        ),
        (
            "places: \"places.csv\"",
            "places: \"../catalog/demand.ron\"",
            format!(
                "field places: \"../catalog/demand.ron\" leads out of the folder of the network; expected a file in the folder of the network, {outside}"
            ),
        ),
        (
            "places: \"places.csv\"",
            "places: \"a/../../key.csv\"",
            format!(
                "field places: \"a/../../key.csv\" leads out of the folder of the network; expected a file in the folder of the network, {outside}"
            ),
        ),
        (
            "places: \"places.csv\"",
            "places: \"places.csv\", travel_times: \"../t.csv\"",
            format!(
                "field travel_times: \"../t.csv\" leads out of the folder of the network; expected a file in the folder of the network, {outside}"
            ),
        ),
        (
            "catalog: \"../catalog\"",
            "catalog: \"\"",
            "field catalog: is empty; expected the name of a file or folder".to_owned(),
        ),
        (
            "catalog: \"../catalog\"",
            "catalog: \"/\"",
            format!(
                "field catalog: \"/\" is an absolute path; expected a folder in the folder of the network or beside it, such as \"../catalog\", {outside}"
            ),
        ),
        (
            "catalog: \"../catalog\"",
            "catalog: \"../../catalog\"",
            format!(
                "field catalog: \"../../catalog\" leads out of the folder of the network; expected a folder in the folder of the network or beside it, such as \"../catalog\", {outside}"
            ),
        ),
        (
            "catalog: \"../catalog\"",
            "catalog: \"..\"",
            format!(
                "field catalog: \"..\" leads out of the folder of the network; expected a folder in the folder of the network or beside it, such as \"../catalog\", {outside}"
            ),
        ),
    ] {
        let copy = Copy::new().with("network.ron", old, new);
        let messages = copy.messages();
        assert_eq!(messages.len(), 1, "{messages:#?}");
        let (place, rest) = messages[0].split_once(": ").unwrap();
        assert_eq!(rest, message);
        assert!(place.starts_with("network.ron:") && place.matches(':').count() == 2, "{place}");
    }
    for same in ["./places.csv", "../small/places.csv", "x/../places.csv"] {
        let copy = Copy::new().with("network.ron", "\"places.csv\"", &format!("\"{same}\""));
        let is_read = Folder::open(&copy.folder).read().is_ok();
        assert_eq!(is_read, same == "./places.csv", "{same}");
    }
    let copy =
        Copy::new().with("network.ron", "catalog: \"../catalog\"", "catalog: \"../no-catalog\"");
    let messages = copy.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("field catalog: cannot read the folder "), "{messages:#?}");
    assert!(messages[0].ends_with("there is no such folder"), "{messages:#?}");
}

#[test]
fn a_scenario_reads_tables_of_its_folder_only() {
    let model = Folder::small().read().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    let table = fs::read_to_string(Copy::new().folder.join("places.csv")).unwrap();
    fs::write(folder.path().join("people.csv"), table).unwrap();
    let path = own.join("s.ron");
    fs::write(&path, surge("SetPopulation(table: \"../people.csv\")")).unwrap();
    let problems = Scenario::open(&path, &model.network, &model.places).unwrap_err();
    assert_eq!(problems.count(), 1, "{problems}");
    assert!(
        problems.to_string().contains("\"../people.csv\" leads out of the folder of the scenario")
    );
    let draft = ScenarioDraft::open_allowing_outside(&path, &model.network);
    assert!(ScenarioDraft::check(vec![draft], &model.network, &model.places).is_ok());
}

// Lines of messages

#[test]
fn every_message_begins_with_file_line_and_column() {
    let copy = Copy::new()
        .with("network.ron", "partners: [\"north\", \"west\"],", "")
        .with("network.ron", "members: [\"north\", \"south\"],", "")
        .with("network.ron", "to: [\"west-day\"]", "to: []")
        .with("network.ron", "    omitted: [", "    published: [(measure: ShareWithin, name: \"x\", value: 0.5,\n year: 2020, area: \"a\", source: \"invented\")],\n    omitted: [")
        .with("../catalog/standards.ron", "minutes: 30", "minutes: 0")
        .write("places.csv", "id,name,lat,people\na,A,51,1\na,A,51,1\nb,B,1\n,,,\n");
    let problems = copy.faults();
    assert!(problems.count() >= 8, "{problems}");
    for problem in problems.list() {
        assert!(problem.line.is_some() && problem.column.is_some(), "{problem}");
    }
}

// Cost

fn seconds_of(mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    best
}

/// Work on eight times the input takes about eight times as long; 64 times would be quadratic.
#[track_caller]
fn assert_linear(name: &str, size: usize, work: impl Fn(usize)) {
    let small = seconds_of(|| work(size));
    let large = seconds_of(|| work(8 * size));
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    assert!(ratio < 32.0, "{name}: {small:?}, eight times of it {large:?}");
}

#[test]
fn reading_a_network_on_one_line_is_linear() {
    let text = Copy::new().text("network.ron");
    let lines: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
    assert_linear("hospitals on one line", 250, |count| {
        let mut hospitals = "hospitals: [".to_owned();
        for number in 0..count {
            write!(
                hospitals,
                "(id: \"h{number}\", name: \"H\", operator: \"O\", ownership: Public, position: (lat: 50.9, \
                 lon: 12.0), departments: [(specialty: \"neurology\")], sources: [\"invented\"]),"
            )
            .unwrap();
        }
        let copy = Copy::new()
            .write("network.ron", lines.join(" ").replacen("hospitals: [", &hospitals, 1));
        copy.assert_sound();
    });
}

#[test]
fn reading_numbers_and_changes_is_linear() {
    let model = Folder::small().read().unwrap();
    let read = |text: &str| Scenario::read(text, "s.ron", &model.network, &model.places);
    assert_linear("numbers on one line", 4_000, |count| {
        let factors = "1.1,".repeat(count);
        let change = format!("Surge(specialties: [\"internal_medicine\"], factors: [{factors}])");
        let _ = read(&surge(&change));
    });
    let changes = |count: usize, change: &dyn Fn(usize) -> String| {
        let mut list = String::new();
        for number in 0..count {
            let (year, month, day) = (2026 + number / 336, 1 + number / 28 % 12, 1 + number % 28);
            let change = change(number);
            writeln!(
                list,
                "(on: \"{year}-{month:02}-{day:02}\", reason: \"r\", change: {change}),"
            )
            .unwrap();
        }
        format!("(format: 1, id: \"s\", name: \"S\", source: \"x\", changes: [{list}])")
    };
    assert_linear("surges", 250, |count| {
        let surge = |_| "Surge(specialties: [\"internal_medicine\"], factors: [1.1])".to_owned();
        let _ = read(&changes(count, &surge));
    });
    assert_linear("sizes of a hospital", 250, |count| {
        let resize = |at| format!("ResizeHospital(hospital: \"north\", beds: {})", 201 + at % 2);
        assert!(read(&changes(count, &resize)).is_ok());
    });
    assert_linear("changes that cannot be read", 250, |count| {
        assert!(read(&changes(count, &|at| format!("Clse(\"hospital {at}\")"))).is_err());
    });
    assert_linear("unknown places", 250, |count| {
        let incident = |at| format!("Incident(place: \"place {at}\", red: 1)");
        assert!(read(&changes(count, &incident)).is_err());
    });
}

#[test]
fn a_table_of_wrong_keys_is_linear_and_a_few_lines() {
    let copy = |count: usize| {
        let mut places = "id,name,lat,lon,people\n".to_owned();
        let mut journeys = "place,hospital,minutes\n".to_owned();
        for number in 0..count {
            writeln!(places, "{number:05},P,50.9,12.0,1").unwrap();
            // A spreadsheet took the zeros in front.
            writeln!(journeys, "{number},klinik-nord-{number},5").unwrap();
        }
        Copy::new()
            .with(
                "network.ron",
                "places: \"places.csv\",",
                "places: \"places.csv\", travel_times: \"t.csv\",",
            )
            .write("places.csv", places)
            .write("t.csv", journeys)
    };
    let (small, large) = (copy(500), copy(4000));
    assert_linear("wrong keys", 1, |times| {
        let copy = if times == 1 { &small } else { &large };
        let problems = copy.faults();
        assert!(problems.lines().len() < 30, "{problems}");
    });
    let problems = large.faults();
    assert_eq!(problems.count(), 8000);
    assert!(problems.lines()[0].contains("unknown place \"0\""), "{problems}");
    assert!(
        problems.to_string().contains("t.csv: 3990 more of this kind in field place"),
        "{problems}"
    );
}

#[test]
fn a_long_key_costs_no_more_than_its_length() {
    let long = "x".repeat(200_000);
    assert_eq!(closest(&long, [long.as_str()]), None);
    assert_eq!(closest("north", [long.as_str(), "norht"]).as_deref(), Some("norht"));
}

// Mutations

/// Bytes deleted, repeated, exchanged and put in: nothing panics, and faults are found in about the time
/// that reading takes.
#[test]
fn no_mutation_of_a_file_makes_the_reader_panic_or_slow() {
    const PIECES: [&[u8]; 16] = [
        b"\"",
        b"(",
        b")",
        b"[",
        b"]",
        b",",
        b";",
        b"\r",
        b"\n",
        b"/*",
        b"//",
        b"r#\"",
        b"\xff",
        b"\0",
        b"-1e308",
        "\u{202e}".as_bytes(),
    ];
    let mut random = ChaCha12Rng::seed_from_u64(20);
    let copy = Copy::new();
    let start = Instant::now();
    for _ in 0..5 {
        copy.assert_sound();
    }
    let usual = start.elapsed() / 5;
    let files = [
        "network.ron",
        "places.csv",
        "../catalog/standards.ron",
        "../catalog/demand.ron",
        "../catalog/pathways.ron",
        "../catalog/service_groups.ron",
        "../catalog/emergency_stages.ron",
    ];
    let mut rounds = 0;
    let start = Instant::now();
    for file in files {
        let original = fs::read(copy.folder.join(file)).unwrap();
        for _ in 0..30 {
            let mut bytes = original.clone();
            for _ in 0..random.random_range(1..4) {
                let at = random.random_range(0..bytes.len());
                let end = (at + random.random_range(1..40)).min(bytes.len());
                match random.random_range(0..4) {
                    0 => drop(bytes.drain(at..end)),
                    1 => {
                        let piece = bytes[at..end].to_vec();
                        bytes.splice(at..at, piece);
                    }
                    2 => bytes[at] = random.random(),
                    _ => {
                        let piece = PIECES[random.random_range(0..PIECES.len())];
                        bytes.splice(at..at, piece.iter().copied());
                    }
                }
            }
            fs::write(copy.folder.join(file), &bytes).unwrap();
            if let Err(problems) = Folder::open(&copy.folder).read() {
                assert!(!problems.lines().is_empty());
            }
            rounds += 1;
        }
        fs::write(copy.folder.join(file), original).unwrap();
    }
    let allowed = usual * rounds * 20;
    assert!(start.elapsed() < allowed, "{:?} for {rounds} rounds of {usual:?}", start.elapsed());
}
