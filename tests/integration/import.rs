//! Networks from official files: the directory, people, quality reports, the register; folders that are updated.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use verbund::files::Folder;
use verbund::import::*;
use verbund::model::*;
use verbund::run::Control;

use crate::common::{shared_data, table};

/// Reads files that must have no fault.
pub(crate) fn read(paths: &[PathBuf]) -> ImportFiles {
    ImportFiles::read(paths, &Control::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

pub(crate) fn faults(paths: &[PathBuf]) -> Vec<String> {
    let problems = ImportFiles::read(paths, &Control::default()).unwrap_err();
    problems.list().iter().map(ToString::to_string).collect()
}

pub(crate) fn districts(keys: &[&str]) -> ImportSettings {
    ImportSettings::of(Districts::Some(keys.iter().map(|key| (*key).to_owned()).collect()))
}

/// The tables of Germany in the shared folder.
fn german_tables(folder: &Path) -> Vec<PathBuf> {
    let names =
        ["hospital_directory_2021.csv", "gemeinden_germany.csv", "kreise_age_2022_2023.csv"];
    names.iter().map(|name| folder.join(name)).collect()
}

/// Writes a file to a folder; its path.
pub(crate) fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

const DIRECTORY_HEADER: &str = "ags,hospital,site,street,house_number,postcode,city,ownership,operator,type,\
    emergency_level,module_trauma,module_children,module_special,module_stroke,module_heart,beds,\
    beds_by_department,lat,lon,position_from";

/// A directory, people and ages of two districts that can be checked by hand: 100 km lie between A and C.
pub(crate) fn small_files(folder: &Path) -> Vec<PathBuf> {
    let directory = [
        DIRECTORY_HEADER,
        "14001001,Klinikum A gGmbH,Klinikum A,Am Markt,1,01001,Astadt,public,Klinikum A gGmbH,plan,2,yes,no,no,yes,no,200,0100:80|0103:30|1500:60|2400:30,51.0,13.0,address",
        "14001001,Klinikum A gGmbH,Tagesklinik,Am Markt,2,01001,Astadt,public,Klinikum A gGmbH,plan,0,no,no,no,no,no,,,51.0,13.0,address",
        "14001002,Klinikum A gGmbH,Klinikum A Standort B,Weg,5a,01002,Bedorf,public,Klinikum A GmbH,plan,1,no,no,no,no,no,50,0100:40|3751:10,51.05,13.0,postcode+name",
        "14002001,Krankenhaus C,Krankenhaus C,Straße,3,01003,Cedorf,private,C AG,plan,1,no,no,no,no,no,90,0100:90,51.2,13.0,address",
        "14002002,Krankenhaus D,Krankenhaus D,Straße,4,01004,Dedorf,private,D AG,plan,1,no,no,no,no,no,90,0100:90,52.9,13.0,address",
    ];
    let people = "ags,name,kreis,pop_2022,pop_2019,female_2019,area_km2,lat,lon\n\
        14001001,Astadt,14001,1000,1000,550,10,51.0,13.0\n\
        14001002,Bedorf,14001,200,,,5,51.05,13.0\n\
        14002001,Cedorf,14002,300,,,5,51.2,13.0\n";
    let ages = "date,kreis,name,age_0_17,age_18_plus,total\n\
        2022-12-31,14001,\"Akreis, Landkreis\",900,100,1000\n\
        2023-12-31,14001,\"Akreis, Landkreis\",200,800,1000\n\
        2023-12-31,14002,\"Ckreis, Landkreis\",100,900,1000\n";
    vec![
        file(folder, "directory_2021.csv", directory.join("\n")),
        file(folder, "people.csv", people),
        file(folder, "ages.csv", ages),
    ]
}

fn small_import(folder: &Path) -> Import {
    read(&small_files(folder)).assemble(&districts(&["14001"])).unwrap()
}

pub(crate) fn hospital<'i>(import: &'i Import, key: &str) -> &'i Hospital {
    let network = &import.model.network;
    &network[network.find(key).unwrap_or_else(|| {
        let keys: Vec<&str> = network.hospitals().iter().map(|own| own.key.as_str()).collect();
        panic!("{key} is among {keys:?}")
    })]
}

#[test]
fn a_small_region_is_what_its_files_say() {
    let folder = tempfile::tempdir().unwrap();
    let import = small_import(folder.path());
    let network = &import.model.network;
    assert_eq!(
        (network.name(), network.date().to_string().as_str()),
        ("Akreis, Landkreis", "2021-12-31")
    );
    let keys: Vec<&str> = network.hospitals().iter().map(|own| own.key.as_str()).collect();
    // D is 200 km away; the day clinic has no beds.
    assert_eq!(keys, ["astadt-klinikum-a", "bedorf-klinikum-a-b", "cedorf-krankenhaus-c"]);
    let a = hospital(&import, "astadt-klinikum-a");
    assert_eq!((a.beds, a.emergency_level), (Some(200), Some(EmergencyLevel::Extended)));
    assert_eq!(a.beds_of("cardiology"), Some(30));
    // 61 % of the beds of women stand in for an obstetrics that may be there.
    assert_eq!((a.beds_of("gynaecology"), a.beds_of("obstetrics")), (Some(12), Some(18)));
    assert_eq!(a.unknown, ["departments.obstetrics"]);
    assert_eq!(a.basis("departments.gynaecology.beds"), Basis::Derived);
    assert_eq!(a.basis("departments.cardiology.beds"), Basis::Sourced);
    let kinds: Vec<&str> = a.facilities.iter().map(|own| own.kind.as_str()).collect();
    let expected =
        ["trauma_module", "stroke_module", "ct", "icu", "cath_lab", "stroke_unit", "trauma_centre"];
    assert_eq!(kinds, expected);
    assert_eq!(a.basis("facilities.trauma_module"), Basis::Sourced);
    assert_eq!(a.derivation("facilities.cath_lab"), Some("cath-lab-by-module-or-cardiology"));
    let b = hospital(&import, "bedorf-klinikum-a-b");
    assert_eq!((b.assumed.as_slice(), b.beds), (&["position".to_owned()][..], Some(50)));
    assert_eq!(b.departments.len(), 1, "radiology is no specialty");
    assert!(b.unknown.is_empty(), "internal medicine alone is no trauma centre");
    assert!(hospital(&import, "cedorf-krankenhaus-c").outside);
    // One operator in two spellings is one edge and one group.
    assert_eq!(network.cooperations().len(), 1);
    assert_eq!(network.alliances()[0].members, ["astadt-klinikum-a", "bedorf-klinikum-a-b"]);

    let places = &import.model.places;
    let people = |key: &str| {
        let place = places.places.iter().find(|own| own.key == key).unwrap();
        let women: u32 = place.population.female.iter().sum();
        (place.population.people(), women)
    };
    assert_eq!(people("14001001").0, 1000);
    assert!((549..=551).contains(&people("14001001").1), "each band is rounded");
    assert_eq!(people("14001002").0, 200);
    let under_18 = PopulationGroup { to: Some(17), ..PopulationGroup::ALL };
    let inside = places.places.iter().filter(|place| !place.outside);
    let young: u32 = inside.map(|own| own.population.people_in(&under_18, &places.bands)).sum();
    let around: Vec<&str> = places
        .places
        .iter()
        .filter(|place| place.outside)
        .map(|place| place.name.as_str())
        .collect();
    assert_eq!(around, ["Cedorf"], "within an hour of the district");
    assert!((238..=242).contains(&young), "{young} of 1,200: a fifth, as at the end of 2023");
    let topics: Vec<&str> = import.remarks.iter().map(|own| own.topic).collect();
    for topic in ["births", "position", "specialty", "without_beds", "ages"] {
        assert!(topics.contains(&topic), "{topic} in {topics:?}");
    }
}

#[test]
fn a_folder_is_written_whole_read_back_and_never_over_one_that_no_import_made() {
    let folder = tempfile::tempdir().unwrap();
    let import = small_import(folder.path());
    let to = folder.path().join("network");
    let stopped = import.write(&to, &Control::default().stop(&AtomicBool::new(true))).unwrap_err();
    assert!(matches!(stopped, ImportError::Stopped), "{stopped}");
    assert!(!to.exists());
    import.write(&to, &Control::default()).unwrap();
    assert_eq!(Folder::open(&to).read().unwrap(), import.model);
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().ends_with(".part")));

    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("letter.txt"), "dear").unwrap();
    let error = import.write(&own, &Control::default()).unwrap_err().to_string();
    assert!(error.ends_with("has files that no import wrote; take another folder"), "{error}");
    assert_eq!(fs::read_dir(&own).unwrap().count(), 1);
}

#[test]
fn a_second_import_keeps_what_was_edited_and_tells_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("network");
    small_import(folder.path()).write(&to, &Control::default()).unwrap();
    let edit = |name: &str, old: &str, new: &str| {
        let path = to.join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old} is in {text}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    };
    // A person knows that B is called otherwise, and adds a department of A.
    edit("hospitals.csv", "Klinikum A Standort B,", "Bedorfer Haus,");
    edit(
        "departments.csv",
        "astadt-klinikum-a,general",
        "astadt-klinikum-a,urology,,,,,,,\nastadt-klinikum-a,general",
    );
    // The next directory: A has other beds and another name, C is gone, E is new.
    let path = folder.path().join("directory_2021.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    let text = text
        .replace(",Klinikum A,Am Markt", ",Universitätsmedizin A,Am Markt")
        .replace(",200,0100:80", ",220,0100:100")
        .replace(
            "14002001,Krankenhaus C,Krankenhaus C,Straße,3",
            "14002001,Haus E Klinik,Haus E Klinik,Neue Straße,9",
        );
    let next = file(folder.path(), "directory_2022.csv", text);
    let others = ["people.csv", "ages.csv"].map(|name| folder.path().join(name));
    let files = read(&[vec![next], others.to_vec()].concat());
    let settings =
        ImportSettings { earlier: imported_sites(&to).unwrap(), ..districts(&["14001"]) };
    let import = files.assemble(&settings).unwrap();
    let difference = import.write(&to, &Control::default()).unwrap().difference.unwrap();
    let keys = |list: &[ListedHospital]| {
        list.iter().map(|listed| listed.hospital.clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&difference.added), ["cedorf-haus-e-klinik"]);
    assert_eq!(keys(&difference.gone), ["cedorf-krankenhaus-c"]);
    let beds: Vec<(&str, Option<u32>, Option<u32>)> =
        difference.beds.iter().map(|own| (own.hospital.as_str(), own.before, own.after)).collect();
    // The key stays, whatever the new name.
    assert_eq!(beds, [("astadt-klinikum-a", Some(200), Some(220))]);
    assert_eq!(difference.kept.len(), 2, "{:#?}", difference.kept);
    let network = Folder::open(&to).read().unwrap().network;
    let own = |key: &str| &network[network.find(key).unwrap()];
    assert_eq!(own("bedorf-klinikum-a-b").name, "Bedorfer Haus");
    assert_eq!(own("astadt-klinikum-a").name, "Klinikum A gGmbH, Universitätsmedizin A");
    assert!(own("astadt-klinikum-a").has_specialty("urology"));
    assert_eq!(own("astadt-klinikum-a").beds_of("internal_medicine"), Some(100));
    // Once more the same: nothing changes, and what was edited is still known.
    let again = import.write(&to, &Control::default()).unwrap().difference.unwrap();
    assert_eq!((again.added.len(), again.gone.len(), again.beds.len()), (0, 0, 0));
    assert_eq!(again.kept.len(), 2);
}

#[test]
fn hospitals_and_people_come_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let files = read(&small_files(folder.path()));
    let to = folder.path().join("network");
    let part = |part: ImportPart| {
        files.assemble(&ImportSettings { part, ..districts(&["14001"]) }).unwrap()
    };
    part(ImportPart::Hospitals).write(&to, &Control::default()).unwrap();
    assert!(!to.join("places.csv").exists());
    part(ImportPart::People).write(&to, &Control::default()).unwrap();
    let model = Folder::open(&to).read().unwrap();
    assert_eq!(model.network.hospitals().len(), 3);
    assert_eq!(model.places.places.len(), 3, "one of them is outside");
}

/// What the beds of a specialty are counted under: one key of the directory holds gynaecology and obstetrics.
fn counted_under(specialty: &str) -> String {
    let is_of_women = ["gynaecology", "obstetrics"].contains(&specialty);
    if is_of_women { "women" } else { specialty }.to_owned()
}

/// Sums of beds of the directory's rows and of the network, by what a row is counted under.
fn compare_sums(import: &Import, rows: &[std::collections::HashMap<String, String>]) {
    let network = &import.model.network;
    let row_of: BTreeMap<u32, &ImportedSite> =
        import.sites.iter().map(|own| (own.row, own)).collect();
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row["beds"].is_empty()) {
        let Some(site) = row_of.get(&(index as u32 + 2)) else { continue };
        let hospital = &network[network.find(&site.key).unwrap()];
        let beds: u64 = row["beds"].parse().unwrap();
        *expected.entry(format!("stage {}", row["emergency_level"])).or_default() += beds;
        *expected
            .entry(format!("district {}", hospital.district.as_deref().unwrap()))
            .or_default() += beds;
        for part in row["beds_by_department"].split('|') {
            let (key, beds) = part.split_once(':').unwrap();
            if let Some(specialty) = department_key(key).unwrap().specialty {
                *expected.entry(counted_under(specialty)).or_default() +=
                    beds.parse::<u64>().unwrap();
            }
        }
    }
    for hospital in network.hospitals() {
        let beds = u64::from(hospital.beds.unwrap());
        let stage = match hospital.emergency_level {
            None | Some(EmergencyLevel::Minimum) => 0,
            Some(EmergencyLevel::Basic) => 1,
            Some(EmergencyLevel::Extended) => 2,
            Some(EmergencyLevel::Comprehensive) => 3,
        };
        *found.entry(format!("stage {stage}")).or_default() += beds;
        *found.entry(format!("district {}", hospital.district.as_deref().unwrap())).or_default() +=
            beds;
        for department in &hospital.departments {
            let beds = department.beds.map_or(0, u64::from);
            *found.entry(counted_under(&department.specialty)).or_default() += beds;
        }
    }
    assert_eq!(found, expected);
}

#[test]
#[ignore = "needs ../shared/data: the tables of Germany"]
fn germany_has_the_beds_of_the_directory_by_district_department_and_stage() {
    let folder = shared_data();
    let files = read(&german_tables(&folder));
    let settings = ImportSettings { neighbours: None, ..ImportSettings::of(Districts::All) };
    let import = files.assemble(&settings).unwrap();
    let network = &import.model.network;
    let beds: u64 = network.hospitals().iter().filter_map(|own| own.beds).map(u64::from).sum();
    assert_eq!((network.hospitals().len(), beds), (2_233, 484_534));
    assert_eq!(import.model.places.places.len(), 10_786);
    let people: u64 = import.model.places.places.iter().map(|own| own.population.people()).sum();
    assert_eq!(people, 82_711_282);
    compare_sums(&import, &table(&folder.join("hospital_directory_2021.csv")));
}

#[test]
#[ignore = "needs ../shared/data: the tables of Germany, hospitals_germany_2018.csv"]
fn the_committed_germany_is_what_the_import_makes() {
    let folder = shared_data();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/germany");
    let mut paths = german_tables(&folder);
    paths.push(folder.join("hospitals_germany_2018.csv"));
    let settings = ImportSettings {
        neighbours: None,
        name: Some("Germany".to_owned()),
        as_of: Some("2026-01-01".parse().unwrap()),
        ..ImportSettings::of(Districts::All)
    };
    let import = read(&paths).assemble(&settings).unwrap();
    let model = Folder::open(committed).read().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(model.network.hospitals(), import.model.network.hospitals());
    assert_eq!(model.places, import.model.places);
}

#[test]
#[ignore = "needs ../shared/data: official/Krankenhausverzeichnis_2021_east.xlsx, hospital_directory_2021.csv"]
fn the_original_sheet_and_the_cleaned_table_give_the_same_hospitals() {
    let folder = shared_data();
    let of = |directory: PathBuf| {
        let names =
            ["gemeinden_germany.csv", "kreise_age_2022_2023.csv", "hospitals_germany_2018.csv"];
        let mut paths = vec![directory];
        paths.extend(names.map(|name| folder.join(name)));
        let settings =
            ImportSettings { neighbours: None, ..districts(&["14713", "14729", "14730"]) };
        read(&paths).assemble(&settings).unwrap()
    };
    let sheet = of(folder.join("official/Krankenhausverzeichnis_2021_east.xlsx"));
    let cleaned = of(folder.join("hospital_directory_2021.csv"));
    assert_eq!(sheet.model.network.hospitals().len(), 21);
    let plain = |import: &Import| -> Vec<Hospital> {
        let hospitals = import.model.network.hospitals().iter().cloned();
        hospitals
            .map(|mut own| {
                own.assumed.retain(|path| path != "position");
                own.sources.clear();
                Hospital { position: Position::new(51.0, 12.0).unwrap(), ..own }
            })
            .collect()
    };
    assert_eq!(plain(&sheet), plain(&cleaned));
    // The beds that networks/leipzig has from the directory.
    let leipzig = Folder::leipzig().read().unwrap().network;
    let total = |import: &Import, key: &str| hospital(import, key).beds;
    let own = |key: &str| leipzig[leipzig.find(key).unwrap()].beds;
    for (imported, listed) in [
        ("universitaetsklinikum-leipzig", "ukl-leipzig"),
        ("sana-kliniken-leipziger-land-klinikum-borna", "sana-borna"),
        ("collm-klinik-oschatz", "collm-klinik-oschatz"),
    ] {
        assert_eq!(total(&sheet, imported), own(listed), "{imported}");
    }
}

#[test]
#[ignore = "needs ../shared/data: the tables of Germany, official/260100023-01-2019-xml.xml"]
fn the_sample_report_gives_beds_cases_stage_and_equipment() {
    let folder = shared_data();
    let mut paths = german_tables(&folder);
    paths.push(folder.join("official/260100023-01-2019-xml.xml"));
    let files = read(&paths);
    let report = &files.reports[0];
    assert_eq!((report.year, report.beds), (2019, Some(493)));
    assert_eq!(report.cases, Some(ReportedCount::Known(24_570)));
    assert_eq!(report.stage, ReportedStage::Stage(EmergencyLevel::Extended));
    assert_eq!(report.departments.len(), 11);
    for code in ["AA08", "AA69", "AA70"] {
        assert_eq!(report.has_equipment(code).and_then(|own| own.always), Some(true), "{code}");
    }
    assert_eq!(report.births, Some(1_190 + 475));
    let settings = ImportSettings { neighbours: None, ..districts(&["01001"]) };
    let import = files.assemble(&settings).unwrap();
    let joined = import.sites.iter().find(|own| own.site == "DIAKO Krankenhaus gGmbH").unwrap();
    let house = hospital(&import, &joined.key);
    // The directory of 2021 is newer than the report of 2019: its 400 beds are in use, both stand.
    assert_eq!(house.beds, Some(400));
    let fact = |field: &str| -> Vec<(&str, &str)> {
        let same = house.facts.iter().filter(|own| own.field == field);
        same.map(|own| (own.year.as_deref().unwrap(), own.value.as_str())).collect()
    };
    assert_eq!(fact("beds"), [("2019", "493"), ("2021", "400")]);
    assert_eq!(fact("inpatient_cases"), [("2019", "24570")]);
    assert_eq!(fact("births"), [("2019", "1665")]);
    assert_eq!(fact("knee_replacements"), [("2019", "93")]);
    for kind in ["ct", "cath_lab", "thrombectomy"] {
        let facility = house.facility(kind).unwrap_or_else(|| panic!("{kind} is there"));
        assert!(facility.hours.is_always(), "{kind}");
        assert_eq!(house.basis(&format!("facilities.{kind}")), Basis::Sourced, "{kind}");
    }
    assert_eq!(house.facility("perinatal").unwrap().grade.as_deref(), Some("level_1"));
    // 1,665 births need 33 of the 41 beds of gynaecology and obstetrics.
    assert_eq!((house.beds_of("obstetrics"), house.beds_of("gynaecology")), (Some(33), Some(8)));
    let told = import.remarks.iter().filter(|own| own.topic == "quality_report");
    assert!(told.into_iter().any(|own| own.message.contains("joined by")), "the join is told");
}

/// A report of the small region in the layout of newer years.
fn report(contacts: &str, rest: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<Qualitaetsbericht>\n\
         <Einleitung><Datensatz><Datum>2023-11-01</Datum></Datensatz></Einleitung>\n\
         <Krankenhaus>{contacts}</Krankenhaus>\n{rest}\n</Qualitaetsbericht>\n"
    )
}

fn contact(tag: &str, name: &str, street: &str, postcode: &str) -> String {
    format!(
        "<{tag}><Name>{name}</Name><IK>260000001</IK><Standortnummer>770000000</Standortnummer>\
         <Kontakt_Zugang><Strasse>{street}</Strasse><Hausnummer>1</Hausnummer>\
         <Postleitzahl>{postcode}</Postleitzahl><Ort>Astadt</Ort></Kontakt_Zugang></{tag}>"
    )
}

#[test]
fn both_newer_layouts_hidden_numbers_decimal_commas_and_empty_keys_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let rest = "<Anzahl_Betten>210,0</Anzahl_Betten><Fallzahlen><Vollstationaere_Fallzahl>&lt;4</Vollstationaere_Fallzahl></Fallzahlen>\
        <Organisationseinheiten_Fachabteilungen><Organisationseinheit_Fachabteilung><Name>Innere</Name>\
        <Fachabteilungsschluessel><FA_Schluessel></FA_Schluessel></Fachabteilungsschluessel>\
        <Fachabteilungsschluessel><FA_Schluessel>0100</FA_Schluessel></Fachabteilungsschluessel>\
        <Fallzahlen_OE><Vollstationaere_Fallzahl>1.234</Vollstationaere_Fallzahl></Fallzahlen_OE>\
        </Organisationseinheit_Fachabteilung></Organisationseinheiten_Fachabteilungen>\
        <Apparative_Ausstattung><Geraet><AA_Schluessel>AA22</AA_Schluessel><Notfallverfuegbarkeit_24h>nein</Notfallverfuegbarkeit_24h></Geraet></Apparative_Ausstattung>";
    let one = format!(
        "<Ein_Standort>{}</Ein_Standort>",
        contact("Krankenhauskontaktdaten", "Klinikum A", "Am Markt", "01001")
    );
    let several = format!(
        "<Mehrere_Standorte>{}{}</Mehrere_Standorte>",
        contact("Krankenhauskontaktdaten", "Zentrale", "Allee", "99999"),
        contact("Standortkontaktdaten", "Klinikum Ä", "Am Markt", "01001"),
    );
    for (contacts, name) in [(one, "Klinikum A"), (several, "Klinikum Ä")] {
        // ISO-8859-15, as some years have it.
        let text = report(&contacts, rest);
        let bytes: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
        let mut paths = small_files(folder.path());
        paths.push(file(folder.path(), "260000001-770000000-2022-xml.xml", bytes));
        let files = read(&paths);
        let report = &files.reports[0];
        assert_eq!((report.name.as_str(), report.year, report.beds), (name, 2022, Some(210)));
        assert_eq!(report.cases, Some(ReportedCount::Hidden));
        assert_eq!(report.departments[0].keys, ["0100"]);
        assert_eq!(report.departments[0].cases, Some(ReportedCount::Known(1234)));
        let import = files.assemble(&districts(&["14001"])).unwrap();
        let a = hospital(&import, "astadt-klinikum-a");
        // The report is newer than the directory.
        assert_eq!(a.beds, Some(210));
        assert_eq!(a.facility("mri").unwrap().hours.to_string(), "Mon-Fri 8-16");
        assert!(a.is_assumed("facilities.mri.hours"));
    }
}

#[test]
fn a_register_gives_positions_by_degrees_and_by_utm_of_both_zones() {
    let folder = tempfile::tempdir().unwrap();
    let site = |id: &str, street: &str, geo: &str| {
        format!(
            "<s:Standort><s:StandortId>{id}</s:StandortId><s:Bezeichnung>Haus</s:Bezeichnung>\
             <s:GeoAdresse>{geo}<s:PLZ>01001</s:PLZ><s:Ort>Astadt</s:Ort><s:Straße>{street}</s:Straße>\
             <s:Hausnummer>1</s:Hausnummer></s:GeoAdresse>\
             <s:Einrichtung><s:Einrichtungstyp>00</s:Einrichtungstyp><s:Standortnummer>{id}000</s:Standortnummer></s:Einrichtung>\
             </s:Standort>"
        )
    };
    let utm = |zone: &str, east: &str, north: &str| {
        format!(
            "<s:GeoreferenzZone>{zone}</s:GeoreferenzZone><s:GeoreferenzOst>{east}</s:GeoreferenzOst><s:GeoreferenzNord>{north}</s:GeoreferenzNord>"
        )
    };
    let degrees = "<s:Längengrad>13,001</s:Längengrad><s:Breitengrad>51,002</s:Breitengrad>";
    let sites = [
        site("770001", "Am Markt", degrees),
        site("770002", "Zone 33", &utm("33", "317150", "5690974")),
        site("770003", "Zone 32", &utm("32", "735034", "5693110")),
        site("770004", "Verloren", &utm("31", "735034", "5693110")),
    ];
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<s:Standortverzeichnis xmlns:s=\"http://xml.inek.org/schema/Standortverzeichnis\">\n{}\n</s:Standortverzeichnis>",
        sites.join("\n")
    );
    let bytes: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let mut paths = small_files(folder.path());
    paths.push(file(folder.path(), "sites.xml", &bytes));
    let files = read(&paths);
    let register = &files.known_sites[0];
    assert!(register.is_register);
    assert_eq!(register.sites.len(), 3);
    assert_eq!(register.sites[0].site_number.as_deref(), Some("770001000"));
    let leipzig = Position::new(51.3406, 12.3747).unwrap();
    for site in &register.sites[1..] {
        assert!(site.position.distance_to(leipzig).0 < 200, "{:?}", site.position);
    }
    assert!(
        files.remarks.iter().any(|own| own.topic == "register_position"),
        "the lost one is told"
    );
    let import = files.assemble(&districts(&["14001"])).unwrap();
    let a = hospital(&import, "astadt-klinikum-a");
    assert_eq!(a.position, Position::new(51.002, 13.001).unwrap());
    assert!(a.sources.contains(&"register".to_owned()));
    // Two rows for one number.
    let twice = text.replace("770002", "770001");
    let bytes: Vec<u8> = twice.chars().map(|letter| letter as u8).collect();
    let found = faults(&[file(folder.path(), "sites.xml", &bytes)]);
    assert!(
        found[0]
            .contains("sites.xml:4: site number 770001000 is there twice; the first is in line 3"),
        "{found:#?}"
    );
}

#[test]
fn a_site_gets_its_official_number_where_address_and_name_leave_no_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let header = "hospital_name,site_name,street,house_number,postcode,city,lat,lon,ik,site";
    let rows = [
        // The name of the site says nothing, that of the hospital does.
        "Klinik Astadt,Hauptstandort,Am Markt,1,01001,Astadt,51.0,13.0,260000001,001_770001",
        // Somebody else was there when the table was made.
        "Fremde Reha,Hauptstandort,Weg,5a,01002,Bedorf,51.05,13.0,260000002,001_770002",
        // Two sites at one address.
        "Klinik Cedorf,Haus,Straße,3,01003,Cedorf,51.2,13.0,260000003,001_770003",
        "Klinik Cedorf,Tagesklinik,Straße,3,01003,Cedorf,51.2,13.0,260000003,001_770004",
    ];
    let mut paths = small_files(folder.path());
    paths.push(file(folder.path(), "positions.csv", format!("{header}\n{}\n", rows.join("\n"))));
    let import = read(&paths).assemble(&districts(&["14001", "14002"])).unwrap();
    let mut numbers = Vec::new();
    for hospital in import.model.network.hospitals() {
        for fact in hospital.facts.iter().filter(|fact| fact.field == "site_number") {
            numbers.push((hospital.city.as_deref().unwrap(), fact.value.as_str(), &*fact.source));
        }
    }
    assert_eq!(numbers, [("Astadt", "770001000", "positions")]);

    // The register's own number comes first; the name of the hospital stands beside its sites.
    let register = "<Standortverzeichnis xmlns=\"http://xml.inek.org/schema/Standortverzeichnis\">\n\
        <Standort><StandortId>770009</StandortId><Bezeichnung>Hauptstandort</Bezeichnung>\
        <ReferenzKrankenhaus><IK>260000001</IK></ReferenzKrankenhaus>\
        <GeoAdresse><Längengrad>13,0</Längengrad><Breitengrad>51,0</Breitengrad><PLZ>01001</PLZ><Ort>Astadt</Ort>\
        <Straße>Am Markt</Straße><Hausnummer>1</Hausnummer></GeoAdresse><Einrichtung>\
        <Einrichtungstyp>00</Einrichtungstyp><Standortnummer>770009000</Standortnummer></Einrichtung></Standort>\n\
        <Krankenhaus><HauptIK><IK>260000001</IK></HauptIK><Bezeichnung>Klinik Astadt</Bezeichnung></Krankenhaus>\n\
        </Standortverzeichnis>";
    paths.push(file(folder.path(), "sites.xml", register));
    let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
    let a = hospital(&import, "astadt-klinikum-a");
    let number = a.facts.iter().find(|fact| fact.field == "site_number").unwrap();
    assert_eq!((&*number.value, &*number.source), ("770009000", "register"));
}

#[test]
fn census_grids_of_both_layouts_give_places() {
    let folder = tempfile::tempdir().unwrap();
    // The origin of EPSG:3035 is 52 N, 10 E; the cells lie a few kilometres from it.
    let people =
        "ags,name,kreis,pop_2022,area_km2,lat,lon\n03001001,Mitte,03001,100,50,52.0,10.0\n";
    let new = "GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner\nCRS3035RES1000mN3210000E4321000;4321500;3210500;40\n\
        CRS3035RES1000mN3211000E4321000;4321500;3211500;–\n";
    let old = "x_km,y_km,pop,u18_pct\n4321,3210,40,10.0\n4321,3212,2,\n";
    for (text, count) in [(new, 1), (old, 2)] {
        let paths =
            [file(folder.path(), "people.csv", people), file(folder.path(), "grid.csv", text)];
        let files = read(&paths);
        assert_eq!(files.grid.as_ref().unwrap().cells.len(), count);
        let settings =
            ImportSettings { part: ImportPart::People, grid: true, ..districts(&["03001"]) };
        let import = files.assemble(&settings).unwrap();
        let place = &import.model.places.places[0];
        assert_eq!((place.population.people(), place.name.as_str()), (40, "Mitte"));
        assert!(place.position.distance_to(Position::new(52.0045, 10.0073).unwrap()).0 < 100);
    }
}

#[test]
fn bad_input_is_named_with_file_and_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let contains = |found: &[String], part: &str| {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part} in {found:#?}");
    };
    // Missing columns, with what was found.
    let without = DIRECTORY_HEADER.replace(",beds,", ",bettn,").replace("ownership,", "");
    let found = faults(&[file(path, "directory_2021.csv", without + "\n")]);
    contains(
        &found,
        "directory_2021.csv:1: 2 columns are missing in the header: ownership, beds; there are ags,",
    );
    // A file that is no XLSX, one that is damaged, and one that is protected.
    let found = faults(&[file(path, "khv_2021.xlsx", "no sheet")]);
    contains(&found, "khv_2021.xlsx: the file is no XLSX file");
    let found = faults(&[file(path, "khv_2021.xlsx", protected())]);
    contains(&found, "khv_2021.xlsx: the file is protected by a password; save it without one");
    // Entities.
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<Qualitaetsbericht>&b;</Qualitaetsbericht>";
    let found = faults(&[file(path, "260000001-01-2022-xml.xml", bomb)]);
    contains(&found, "260000001-01-2022-xml.xml:2: the file has a document type (DOCTYPE)");
    // A report of another site.
    let contacts = contact("Krankenhauskontaktdaten", "A", "Weg", "01001");
    let found = faults(&[file(path, "260000009-01-2022-xml.xml", report(&contacts, ""))]);
    contains(
        &found,
        "the file's name says hospital 260000009, site 01, the report hospital 260000001, site 770000000",
    );
    // No year anywhere.
    let found = faults(&[file(path, "directory.csv", DIRECTORY_HEADER)]);
    contains(
        &found,
        "directory.csv: neither the file's name nor its sheet's says which year it is about",
    );
    // Cells.
    let row =
        "14001001,A,A,Weg,1,01001,A,municipal,A,plan,4,yes,no,no,no,no,many,0100:x,51,13,address";
    let found = faults(&[file(path, "directory_2021.csv", format!("{DIRECTORY_HEADER}\n{row}\n"))]);
    for part in [
        ":2: field ownership: \"municipal\" is not what belongs here",
        ":2: field emergency_level: \"4\" is not",
        ":2: field beds: \"many\" is no number of beds",
        ":2: field beds_by_department: \"0100:x\" is no department with its beds",
    ] {
        contains(&found, part);
    }
    // Nothing that is read.
    let empty = path.join("empty");
    fs::create_dir(&empty).unwrap();
    file(&empty, "letter.txt", "dear all");
    contains(&faults(&[empty]), "empty: nothing was recognised");
    contains(&faults(&[path.join("nowhere")]), "nowhere: cannot be read");
}

/// The beginning of a compound file, as a spreadsheet with a password is one.
fn protected() -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(4096, 0);
    bytes
}

#[test]
fn districts_that_were_merged_or_never_were_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let files = read(&small_files(folder.path()));
    let problems = files.assemble(&districts(&["14001", "16056", "14003"])).unwrap_err();
    let lines: Vec<String> = problems.list().iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("district 16056 was merged into 16063 on 2021-07-01"), "{lines:#?}");
    assert!(lines[1].contains("there is no district 14003"), "{lines:#?}");
    assert!(lines[1].contains("did you mean \"14001\"?"), "{lines:#?}");
}

#[test]
#[ignore = "needs ../shared/data: official/260100023-01-2019-xml.xml"]
fn two_thousand_reports_are_read_in_a_minute() {
    let folder = shared_data();
    // A fifth of the number and a quarter of the size, without the optimiser.
    let sample = fs::read(folder.join("official/260100023-01-2019-xml.xml")).unwrap();
    let reports = tempfile::tempdir().unwrap();
    for number in 0..400 {
        let name = format!("copy-{number}.xml");
        file(reports.path(), &name, &sample);
    }
    let start = Instant::now();
    let files = read(&[reports.path().to_owned()]);
    assert_eq!(files.reports.len(), 400);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn reading_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let paths = small_files(folder.path());
    let problems =
        ImportFiles::read(&paths, &Control::default().stop(&AtomicBool::new(true))).unwrap_err();
    assert_eq!(problems.list()[0].to_string(), "stopped; nothing was written");
}
