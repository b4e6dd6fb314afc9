//! Every fault at once, each with its place and the expected message.

use std::fs;
use std::path::{Path, PathBuf};

use verbund::files::Folder;
use verbund::model::{Cooperation, CooperationKind, Hospital, NetworkBuilder, Parties, Position};
use verbund::problem::Problems;

use crate::common::{catalog, day};

/// A copy of the small network in a folder of its own, with its catalog beside it.
pub(crate) struct Copy {
    _root: tempfile::TempDir,
    pub(crate) folder: PathBuf,
}

impl Copy {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let networks = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
        for part in ["small", "catalog"] {
            let to = root.path().join(part);
            fs::create_dir(&to).unwrap();
            for file in fs::read_dir(networks.join(part)).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
        let folder = root.path().join("small");
        Self { _root: root, folder }
    }

    /// The copy with a text replaced in a file; the text must be there.
    pub(crate) fn with(self, file: &str, old: &str, new: &str) -> Self {
        let path = self.folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old} is in {file}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
        self
    }

    fn problems(&self) -> Problems {
        Folder::open(&self.folder).read().expect_err("the copy has faults")
    }

    pub(crate) fn messages(&self) -> Vec<String> {
        self.problems().list().iter().map(ToString::to_string).collect()
    }
}

/// Checks that a replacement in `network.ron` gives one fault. It points at the text `pointed_at`, in or behind the
/// replacement.
#[track_caller]
fn assert_only_fault(old: &str, new: &str, pointed_at: &str, message: &str) {
    let copy = Copy::new().with("network.ron", old, new);
    let text = fs::read_to_string(copy.folder.join("network.ron")).unwrap();
    let start = text.find(new).unwrap();
    let offset =
        start + text[start..].find(pointed_at).expect("the place is behind the replacement");
    assert_eq!(copy.messages(), [format!("network.ron:{}: {message}", place(&text, offset))]);
}

/// Line and column of an offset, from 1, counted letter by letter.
fn place(text: &str, offset: usize) -> String {
    let (mut line, mut column) = (1, 1);
    for letter in text[..offset].chars() {
        if letter == '\n' {
            (line, column) = (line + 1, 1);
        } else {
            column += 1;
        }
    }
    format!("{line}:{column}")
}

#[test]
fn the_untouched_copy_is_fine() {
    let copy = Copy::new();
    let read = Folder::open(&copy.folder).read().unwrap();
    assert_eq!(read, Folder::small().read().unwrap());
}

#[test]
fn an_unknown_specialty() {
    assert_only_fault(
        "(specialty: \"neurology\", beds: 20)",
        "(specialty: \"neurolgy\", beds: 20)",
        "\"neurolgy\"",
        "hospital \"north\", field departments[2].specialty: unknown specialty \
         \"neurolgy\"; expected the key of a specialty that exists; did you mean \"neurology\"?",
    );
}

#[test]
fn an_unknown_hospital_in_a_cooperation() {
    assert_only_fault(
        "from: \"north\", to: [\"south\"]",
        "from: \"nroth\", to: [\"south\"]",
        "\"nroth\"",
        "cooperation \"tele-stroke\", field from: unknown hospital \"nroth\"; \
         expected the key of a hospital that exists; did you mean \"north\"?",
    );
}

#[test]
fn a_duplicate() {
    assert_only_fault(
        "id: \"west-sites\", kind: Ownership, from",
        "id: \"nordkreis\", kind: Ownership, from",
        "\"nordkreis\"",
        "cooperation \"nordkreis\", field id: there is a second cooperation \
         \"nordkreis\"",
    );
}

#[test]
fn impossible_coordinates() {
    assert_only_fault(
        "(lat: 51.000000, lon: 12.0)",
        "(lat: 151.0, lon: 12.0)",
        "151.0",
        "hospital \"north\", field position.lat: 151 is out of range; expected \
         a number from -90 to 90",
    );
}

#[test]
fn a_cooperation_of_one_partner() {
    assert_only_fault(
        "partners: [\"north\", \"west\"]",
        "partners: [\"north\"]",
        "[\"north\"]",
        "cooperation \"nordkreis\", field partners: a cooperation of one \
         partner; expected at least two different hospitals",
    );
}

#[test]
fn a_facility_grade_that_does_not_exist() {
    assert_only_fault(
        "(kind: \"stroke_unit\", grade: \"regional\")",
        "(kind: \"stroke_unit\", grade: \"regoinal\")",
        "\"regoinal\"",
        "hospital \"north\", field facilities[0].grade: \"regoinal\" is no grade \
         of \"stroke_unit\"; expected one of regional, supraregional; did you mean \"regional\"?",
    );
}

#[test]
fn negative_beds() {
    assert_only_fault(
        "beds: 200,",
        "beds: -200,",
        "-200",
        "hospital \"north\", field beds: -200 is out of range; expected a whole \
         number from 0 to 100000000",
    );
}

#[test]
fn beds_of_departments_above_the_total() {
    assert_only_fault(
        "beds: 80,",
        "beds: 70,",
        "[\n",
        "hospital \"south\", field departments: its departments have 80 beds, \
         the hospital 70; expected no more beds in departments than in the hospital",
    );
}

#[test]
fn beds_are_counted_day_by_day() {
    // 8 more beds in a department that opens when another one closes are fine, one day earlier
    // they are not.
    let department = |opened: &str| {
        let opened = format!("opened: \"{opened}\"");
        let new = format!(
            "(specialty: \"urology\", beds: 8, {opened}),\n            ],\n            facilities: [(kind: \"ct\")]"
        );
        Copy::new().with("network.ron", "],\n            facilities: [(kind: \"ct\")]", &new)
    };
    assert!(Folder::open(&department("2027-01-01").folder).read().is_ok());
    let messages = department("2026-12-31").messages();
    assert!(messages[0].contains("its departments have 88 beds on 2026-12-31, the hospital 80"));
}

#[test]
fn dates_in_the_wrong_order() {
    assert_only_fault(
        "fields: [\"neurology\"], since: \"2020\"",
        "fields: [\"neurology\"], since: \"2020\", until: \"2019-05\"",
        "\"2019-05\"",
        "cooperation \"tele-stroke\", field until: until 2019-05 is not after \
         since 2020; expected a later date",
    );
}

#[test]
fn what_is_no_date() {
    assert_only_fault(
        "closed: \"2027-01-01\"",
        "closed: \"01.01.2027\"",
        "\"01.01.2027\"",
        "hospital \"south\", field departments[2].closed: \"01.01.2027\" is no \
         date; write a day as 2025-05-28, a month as 2025-05 or a year as 2025",
    );
}

#[test]
fn a_future_format() {
    assert_only_fault(
        "format: 1",
        "format: 2",
        "2",
        "field format: format 2 is newer than this version of verbund can read; \
         expected format 1",
    );
}

#[test]
fn an_unknown_field_and_an_unknown_word() {
    assert_only_fault(
        "care_level: Priority",
        "care_levle: Priority",
        "Priority",
        "hospital \"north\", field care_levle: there is no such field; expected \
         one of assumed, beds, care_level, city, closed, day_places, departments, derived, district, \
         emergency_level, facilities, facts, former_operators, from_beyond, id, kind, name, note, opened, \
         operator, outside, ownership, parent, position, sources, staffed_share, unknown; did you mean \"care_level\"?",
    );
    assert_only_fault(
        "care_level: Priority",
        "care_level: Prioriti",
        "Prioriti",
        "hospital \"north\", field care_level: unknown word Prioriti; expected \
         one of Basic, Priority, Maximum, Specialist; did you mean \"Priority\"?",
    );
}

#[test]
fn an_unknown_kind_of_cooperation_and_a_wrong_direction() {
    assert_only_fault(
        "kind: Telemedicine(consult: \"10m\")",
        "kind: Telemedecine(consult: \"10m\")",
        "Telemedecine",
        "cooperation \"tele-stroke\", field kind: unknown kind of cooperation \
         \"Telemedecine\"; expected one of Transfer, Telemedicine, VisitingTeam, SharedOnCall, \
         SharedBeds, StaffPool, CentralService, Framework, Training, Recruitment, Research, \
         Procurement, Digital, Sustainability, Ownership, Teaching; did you mean \"Telemedicine\"?",
    );
    assert_only_fault(
        "kind: Ownership, partners: [\"north\", \"west\"]",
        "kind: Transfer, partners: [\"north\", \"west\"]",
        "[\"north\"",
        "cooperation \"nordkreis\", field partners: Transfer runs from one \
         hospital to others; expected from and to",
    );
}

#[test]
fn an_assumed_path_that_leads_nowhere() {
    assert_only_fault(
        "assumed: [\"emergency_level\",",
        "assumed: [\"emergency_levl\",",
        "\"emergency_levl\"",
        "hospital \"south\", field assumed[0]: \"emergency_levl\" is nothing that \
         this hospital has; expected the path of a value, such as emergency_level or \
         departments.neurology.beds",
    );
}

#[test]
fn a_missing_field() {
    let copy = Copy::new().with("network.ron", "operator: \"Südkreis\", ", "");
    let text = fs::read_to_string(copy.folder.join("network.ron")).unwrap();
    let record = text[..text.find("id: \"south\"").unwrap()].rfind('(').unwrap();
    let message =
        "hospital \"south\", field operator: is missing; expected a text in quotation marks";
    assert_eq!(copy.messages(), [format!("network.ron:{}: {message}", place(&text, record))]);
}

/// One replacement in `places.csv` and the messages that it must give.
#[track_caller]
fn places(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(Copy::new().with("places.csv", old, new).messages(), expected);
}

#[test]
fn a_place_with_no_people_is_a_place() {
    let old = "125,125,125,125,125,125,125,125";
    let copy = Copy::new().with("places.csv", old, "0,0,0,0,0,0,0,0");
    let model = Folder::open(&copy.folder).read().unwrap();
    assert_eq!(model.places.places[0].population.people(), 0);
}

#[test]
fn a_place_whose_people_nobody_wrote_down() {
    let message = "place \"a\", field people: is empty; expected a whole number of people, 0 \
        where nobody lives";
    let expected = format!("places.csv:2:1: {message}");
    places("125,125,125,125,125,125,125,125", ",,,,,,,", &[&expected]);
}

#[test]
fn a_row_with_a_wrong_number_of_columns() {
    places(
        "b,Bedorf,Nordkreis,,",
        "b,Bedorf,Nordkreis,",
        &["places.csv:3:1: the row has 14 columns; expected 15, as in the header"],
    );
}

#[test]
fn places_that_are_there_twice_and_positions_off_the_globe() {
    places(
        "c,Cedorf,Südkreis,,50.820136",
        "b,Cedorf,Südkreis,,95",
        &[
            "places.csv:4:1: place \"b\", field id: there is a second place \"b\"; the first is in \
             line 3",
            "places.csv:4:5: place \"b\", field lat: 95 is out of range; expected a number from -90 \
             to 90",
        ],
    );
}

#[test]
fn a_column_that_does_not_exist() {
    places(
        "id,name,district,",
        "id,name,distrikt,",
        &["places.csv:1:3: field distrikt: there is no such column; expected one of id, name, \
           district, area_km2, lat, lon, outside, people, female_0_14, male_0_14; did you mean \
           \"district\"?"],
    );
}

#[test]
fn a_wrong_encoding() {
    let copy = Copy::new();
    let path = copy.folder.join("places.csv");
    let latin: Vec<u8> = fs::read_to_string(&path)
        .unwrap()
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    fs::write(path, latin).unwrap();
    assert_eq!(
        copy.messages(),
        ["places.csv:4:11: the file is not UTF-8 (byte 0xfc); save it as UTF-8"]
    );
}

#[test]
fn files_that_are_not_there() {
    let copy = Copy::new();
    fs::remove_file(copy.folder.join("places.csv")).unwrap();
    fs::remove_file(copy.folder.join("../catalog/standards.ron")).unwrap();
    let messages = copy.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert!(messages.iter().all(|message| message.contains("there is no such file")));
    let nothing = tempfile::tempdir().unwrap();
    let problems = Folder::open(nothing.path()).read().unwrap_err();
    assert!(problems.to_string().contains("network.ron: cannot read"));
}

#[test]
fn a_table_of_travel_times_is_checked_against_places_and_hospitals() {
    let copy = Copy::new().with(
        "network.ron",
        "places: \"places.csv\",",
        "places: \"places.csv\", travel_times: \"times.csv\",",
    );
    let rows = "place,hospital,minutes\na,north,5\nA,north,5\na,nort,x\na,north,6\na,south,-1\n\
                b,south,\nb,south,6\n";
    fs::write(copy.folder.join("times.csv"), rows).unwrap();
    assert_eq!(
        copy.messages(),
        [
            "times.csv:3:1: journey from \"A\" to \"north\", field place: unknown place \"A\"; \
             expected the key of a place that exists; did you mean \"a\"?",
            "times.csv:4:2: journey from \"a\" to \"nort\", field hospital: unknown hospital \
             \"nort\"; expected the key of a hospital that exists; did you mean \"north\"?",
            "times.csv:4:3: journey from \"a\" to \"nort\", field minutes: \"x\" is not what belongs \
             here; expected a number with a decimal point",
            "times.csv:5:1: journey from \"a\" to \"north\": the journey is there twice",
            "times.csv:6:3: journey from \"a\" to \"south\", field minutes: -1 is out of range; \
             expected a number from 0 to 60000",
            "times.csv:8:1: journey from \"b\" to \"south\": the journey is there twice",
        ]
    );
}

#[test]
fn a_table_with_other_separators_is_one_fault() {
    for (separator, name) in [(";", "semicolons"), ("\t", "tabs")] {
        let copy = Copy::new();
        let path = copy.folder.join("places.csv");
        let text = fs::read_to_string(&path).unwrap().replace(',', separator);
        fs::write(path, text).unwrap();
        let expected = format!(
            "places.csv:1:1: the columns are separated by {name}; expected commas, and decimal points"
        );
        assert_eq!(copy.messages(), [expected]);
    }
}

#[test]
fn all_faults_of_all_files_at_once() {
    let copy = Copy::new()
        .with("network.ron", "beds: 200,", "beds: -1,")
        .with("network.ron", "beds: 80,", "beds: \"many\",")
        .with("network.ron", "specialty: \"neurology\"", "specialty: \"neuro\"")
        .with("network.ron", "consult: \"10m\"", "consult: \"soon\"")
        .with("network.ron", "fields: [\"administration\"]", "fields: [\"administation\"]")
        .with(
            "network.ron",
            "sources: [\"invented\"],\n        ),\n        (\n            id: \"transfer\"",
            "sources: [\"inventd\"],\n        ),\n        (\n            id: \"transfer\"",
        )
        .with("places.csv", ",false,125,", ",maybe,125,")
        .with("../catalog/standards.ron", "minutes: 40", "minutes: 4000")
        .with("../catalog/demand.ron", "stay_factor: 1.207", "stay_factor: 0")
        .with(
            "../catalog/specialties.ron",
            "part_of: \"internal_medicine\"",
            "part_of: \"internal\"",
        );
    let problems = copy.problems();
    let files: Vec<&str> =
        problems.list().iter().filter_map(|problem| problem.file.as_deref()).collect();
    assert_eq!(problems.list().len(), 10, "{problems}");
    assert_eq!(files.iter().filter(|file| **file == "network.ron").count(), 6);
    assert!(problems.to_string().ends_with("10 problems"));
    assert!(problems.list().iter().all(|problem| problem.line.is_some()), "{problems}");
}

#[test]
fn a_syntax_error_hides_only_its_own_file() {
    let copy = Copy::new()
        .with("network.ron", "name: \"Small network\",", "name: \"Small network\"")
        .with("places.csv", ",false,125,", ",maybe,125,")
        .with("../catalog/facilities.ron", "]", "}");
    let messages = copy.messages();
    assert_eq!(messages.len(), 3, "{messages:#?}");
    assert!(messages.iter().any(|m| m.starts_with("network.ron:16:5: expected comma")));
    assert!(messages.iter().any(|m| m.starts_with("../catalog/facilities.ron:")));
    assert!(messages.iter().any(|m| m.starts_with("places.csv:2:7:")));
}

#[test]
fn an_unreadable_catalog_accuses_no_hospital() {
    let copy = Copy::new().with("../catalog/specialties.ron", "[", "(");
    let messages = copy.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
}

#[test]
fn a_network_in_code_has_its_faults_without_a_file() {
    let position = Position::new(51.0, 12.0).unwrap();
    let parties = Parties::Mutual(vec!["a".into(), "a".into()]);
    let problems = NetworkBuilder::new("x", day(), catalog())
        .hospital(Hospital::new("a", "A", position))
        .hospital(Hospital::new("a", "A again", position))
        .cooperation(Cooperation::new("c", CooperationKind::SharedOnCall, parties))
        .build()
        .unwrap_err();
    let messages: Vec<String> = problems.list().iter().map(ToString::to_string).collect();
    assert!(
        messages.contains(&"hospital \"a\", field id: there is a second hospital \"a\"".into())
    );
    assert!(messages.iter().any(|m| m.contains("takes part twice")));
    assert!(messages.iter().any(|m| m.contains("a cooperation of one partner")));
}

#[test]
fn no_text_makes_the_reader_panic() {
    let base = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/small/network.ron"),
    )
    .unwrap();
    let copy = Copy::new();
    let path = copy.folder.join("network.ron");
    let mut texts: Vec<String> =
        ["", "(", ")", "Network", "Network(", "()", "[]", "{}", "((((", "\0"]
            .map(str::to_owned)
            .to_vec();
    texts.push("(".repeat(20_000));
    texts.push(format!("Network(format: 1, hospitals: {}", "[".repeat(20_000)));
    texts.push("Network(format: 99999999999999999999999)".into());
    texts.push("Network(format: 1, name: \"\u{202e}\", as_of: \"9999-99-99\")".into());
    // Cut and twist the real file at every hundredth byte.
    for at in (0..base.len()).step_by(97) {
        if let Some(head) = base.get(..at) {
            texts.push(head.to_owned());
            texts.push(format!("{head}ü{}", base.get(at + 1..).unwrap_or_default()));
        }
    }
    for text in texts {
        fs::write(&path, &text).unwrap();
        if let Err(problems) = Folder::open(&copy.folder).read() {
            assert!(!problems.is_empty() && !problems.to_string().is_empty());
        }
    }
}

#[test]
fn no_table_makes_the_reader_panic() {
    let copy = Copy::new();
    let path = copy.folder.join("places.csv");
    for text in [
        "",
        "\n\n",
        "id",
        "id,name,lat,lon",
        "id,name,lat,lon,people\n",
        "id,name,lat,lon,people\na,A,51,12,",
        "id,name,lat,lon,people\na,A,NaN,inf,1e9",
        "id,name,lat,lon,people\n\"a,A,51,12,5",
        "id,name,lat,lon,female_0_300,male_9_plus\na,A,51,12,1,1",
        "id,name,lat,lon,female_,male__\na,A,51,12,1,1",
        "id,id,name,lat,lon,people\na,a,A,51,12,99999999999",
    ] {
        fs::write(&path, text).unwrap();
        let read = Folder::open(&copy.folder).read();
        if text.lines().count() > 1 {
            assert!(read.is_err(), "{text}");
        }
    }
}

#[test]
fn places_with_people_alone_get_the_ages_of_the_reference_population() {
    let copy = Copy::new();
    let rows = "id,name,lat,lon,people\na,A,51,12,1000\nb,B,51.1,12,7\n";
    fs::write(copy.folder.join("places.csv"), rows).unwrap();
    let model = Folder::open(&copy.folder).read().unwrap();
    assert!(model.places.ages_assumed);
    let people: Vec<u64> = model.places.places.iter().map(|one| one.population.people()).collect();
    assert_eq!(people, [1000, 7]);
}

#[test]
fn comments_may_stand_beside_any_value() {
    let copy = Copy::new()
        .with("network.ron", "ownership: Public,", "ownership: /* x (y) */ Public // who?\n,")
        .with(
            "network.ron",
            "care_level: Priority",
            "care_level: // \"not this\"\n Priority /* so */",
        )
        .with("network.ron", "kind: Telemedicine(", "kind: /* by (video) */ Telemedicine(")
        .with("network.ron", "beds: 200,", "beds: /* /* nested */ */ Some(200 /* beds */),")
        .with("network.ron", "name: \"Klinikum Nord\"", "name: \"Klinik // Nord /* \\\" \"")
        .with("../catalog/standards.ron", "requirement: All([", "requirement: All([ // either\n");
    let model = Folder::open(&copy.folder).read().unwrap();
    let north = &model.network[model.network.find("north").unwrap()];
    assert_eq!(north.beds, Some(200));
    assert_eq!(north.name, "Klinik // Nord /* \" ");
}

#[test]
fn a_table_that_nobody_names_and_a_district_that_nobody_lives_in() {
    let copy = Copy::new().with(
        "network.ron",
        "    omitted: [",
        "    published: [(measure: ShareWithin, name: \"x\", value: 0.5, year: 2020, area: \"a\",
        requirement: Specialty(\"neurology\"), minutes: 15, districts: [\"Nordkries\"],
        source: \"invented\")],\n    omitted: [",
    );
    fs::write(copy.folder.join("travel_times.csv"), "place,hospital,minutes\n").unwrap();
    let messages = copy.messages();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert!(messages[0].contains("unknown district \"Nordkries\"; expected the district of a place; did you mean \"Nordkreis\"?"));
    assert!(messages[1].contains("network.ron does not name it"));
}

#[test]
fn a_network_without_a_catalog_of_its_own_uses_the_one_that_comes_along() {
    let copy = Copy::new().with("network.ron", "    catalog: \"../catalog\",\n", "");
    fs::remove_dir_all(copy.folder.join("../catalog")).unwrap();
    assert_eq!(Folder::open(&copy.folder).read().unwrap(), Folder::small().read().unwrap());
}

#[test]
fn limits_of_what_a_model_can_be() {
    assert_only_fault(
        "km_per_hour: 60",
        "up_to_km: 0, km_per_hour: 60",
        "0,",
        "field travel.speeds[0].up_to_km: 0 is out of range; expected a number from 0.001 to 40000",
    );
    assert_only_fault(
        "access: \"0s\",",
        "access: \"0s\", margin: (relative: 2, absolute: \"1m\"),",
        "2,",
        "field travel.margin.relative: 2 is out of range; expected a number from 0 to 0.9",
    );
    assert_only_fault(
        "access: \"0s\",",
        "access: \"0s\", margin: (relative: 0.2, absolute: \"1m\", bais: 1.1),",
        "1.1",
        "field travel.margin.bais: there is no such field; expected one of absolute, bias, relative, source; \
         did you mean \"bias\"?",
    );
    let copy = Copy::new().with("../catalog/standards.ron", "minutes: 30", "minutes: 121");
    assert!(copy.messages()[0].contains("a limit of 121 minutes; expected 1 to 120 minutes"));
    places(
        "a,Adorf,Nordkreis,,50.955034,12.0,false,125",
        "a,Adorf,Nordkreis,,50.955034,12.0,false,4000000000",
        &[
            "places.csv:2:8: place \"a\", field female_0_17: 4000000000 is out of range; expected at most 50000000 people",
        ],
    );
}

#[test]
fn a_main_site_that_is_a_branch() {
    assert_only_fault(
        "id: \"west\", name",
        "id: \"west\", parent: \"south\", name",
        "\"west\", day_places",
        "hospital \"west-day\", field parent: \"west\" is itself a branch of another site; expected \
         a main site",
    );
}
