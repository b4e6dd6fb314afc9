//! Emergency stages by hand, on both sides of each number, with the rules that are shipped.

use verbund::files::Folder;
use verbund::model::EmergencyLevel::{Basic, Comprehensive, Extended, Minimum};
use verbund::model::*;
use verbund::rules::*;

use crate::common::{at, day};

/// The shipped catalog; without broader specialties nothing can be hidden in another department.
fn catalog(with_broader: bool) -> Catalog {
    let mut catalog = Folder::leipzig().read().unwrap().network.catalog().clone();
    if !with_broader {
        catalog.specialties.iter_mut().for_each(|one| one.part_of = None);
    }
    catalog
}

/// A hospital with these departments and facilities and so many intensive care beds.
fn hospital(departments: &str, facilities: &str, beds: Option<u32>) -> Hospital {
    let mut hospital = Hospital::new("h", "h", at(0.0, 0.0));
    hospital.departments = departments.split_whitespace().map(Department::new).collect();
    hospital.facilities = facilities.split_whitespace().map(Facility::new).collect();
    hospital.facilities.push(Facility { count: beds, ..Facility::new("icu") });
    hospital
}

/// A hospital far away that has everything, so that the data know of every kind of thing.
fn everything(catalog: &Catalog) -> Hospital {
    let mut all = Hospital::new("z", "z", at(500.0, 0.0));
    all.departments = catalog.specialties.iter().map(|one| Department::new(&one.key)).collect();
    all.facilities = catalog.facilities.iter().map(|one| Facility::new(&one.key)).collect();
    all.emergency_level = Some(Comprehensive);
    all
}

fn stage_in(catalog: Catalog, hospital: Hospital) -> HospitalStage {
    let all = everything(&catalog);
    let builder = NetworkBuilder::new("test", day(), catalog).hospital(hospital).hospital(all);
    emergency_stages(&builder.build().unwrap()).unwrap().remove(0)
}

fn stage(departments: &str, facilities: &str, beds: u32) -> HospitalStage {
    stage_in(catalog(false), hospital(departments, facilities, Some(beds)))
}

/// The sure stage, and what is missing for the next.
fn told(one: &HospitalStage) -> (Option<EmergencyLevel>, Vec<&str>) {
    let missing = one.next().map(|next| next.gaps.missing.iter().map(String::as_str).collect());
    (one.allowed(), missing.unwrap_or_default())
}

#[test]
fn buildings_of_one_site_reach_a_stage_together() {
    let mut one = hospital("internal_medicine", "", Some(4));
    one.operator = "o".into();
    let mut other = hospital("general_surgery", "", Some(2));
    (other.key, other.operator, other.position) = ("i".into(), "o".into(), at(1.5, 0.0));
    let stages = |hospitals: [Hospital; 2]| {
        let [one, other] = hospitals;
        let builder = NetworkBuilder::new("test", day(), catalog(false));
        let network = builder.hospital(one).hospital(other).build().unwrap();
        emergency_stages(&network).unwrap()
    };
    let found = stages([one.clone(), other.clone()]);
    assert_eq!((found.len(), found[0].hospitals.len()), (1, 2));
    assert_eq!(found[0].intensive_beds, IntensiveBeds::Known(6));
    assert_eq!(found[0].allowed(), Some(Basic));
    // A unit of unknown beds hides how many there are.
    other.facilities[0].count = None;
    assert_eq!(stages([one.clone(), other.clone()])[0].intensive_beds, IntensiveBeds::Unknown);
    other.position = at(2.5, 0.0);
    assert!(stages([one, other]).iter().all(|one| one.allowed().is_none()));
}

#[test]
fn what_is_open_by_day_only_counts_for_no_stage() {
    let mut by_day = hospital(PAIR, "", Some(6));
    by_day.departments[0].hours = "Mon-Fri 8-19".parse().unwrap();
    let found = stage_in(catalog(false), by_day);
    let words = format!("{NO_MEDICINE} round the clock");
    assert_eq!(told(&found), (None, vec![words.as_str()]));
}

const NO_MEDICINE: &str = "no internal medicine or cardiology or gastroenterology or pneumology";
const PAIR: &str = "internal_medicine general_surgery";

#[test]
fn the_basic_stage_needs_six_intensive_care_beds() {
    assert_eq!(told(&stage(PAIR, "", 5)), (Some(Minimum), vec!["1 intensive care bed"]));
    assert_eq!(stage(PAIR, "", 6).allowed(), Some(Basic));
}

#[test]
fn the_basic_stage_needs_medicine_and_surgery_or_trauma_surgery() {
    assert_eq!(stage("internal_medicine trauma_orthopaedics", "", 6).allowed(), Some(Basic));
    assert_eq!(told(&stage("general_surgery", "", 6)), (None, vec![NO_MEDICINE]));
    // A department of the field is internal medicine, too.
    assert_eq!(stage("gastroenterology general_surgery", "", 6).allowed(), Some(Basic));
    let none = stage("internal_medicine", "", 6);
    assert_eq!(none.allowed(), None);
    assert!(none.next().unwrap().gaps.missing[0].contains("trauma surgery"));
}

#[test]
fn the_extended_stage_needs_ten_beds_and_four_departments() {
    let four = format!("{PAIR} neurology trauma_orthopaedics urology ent");
    assert_eq!(told(&stage(&four, "", 9)), (Some(Basic), vec!["1 intensive care bed"]));
    assert_eq!(stage(&four, "", 10).allowed(), Some(Extended));
    let three = format!("{PAIR} neurology trauma_orthopaedics urology");
    let expected = (Some(Basic), vec!["1 department of list A or B"]);
    assert_eq!(told(&stage(&three, "", 10)), expected);
}

#[test]
fn two_of_the_four_are_of_list_a() {
    let one = format!("{PAIR} neurology urology ent paediatrics");
    assert_eq!(told(&stage(&one, "", 10)), (Some(Basic), vec!["1 department of list A"]));
    let two = format!("{PAIR} neurology neurosurgery urology ent");
    assert_eq!(stage(&two, "", 10).allowed(), Some(Extended));
    let few = format!("{PAIR} urology");
    assert_eq!(told(&stage(&few, "", 10)), (Some(Basic), vec!["3 departments, 2 of list A"]));
    // Gynaecology and obstetrics are one department of the rule.
    let both = format!("{PAIR} gynaecology obstetrics urology ent");
    assert_eq!(stage(&both, "", 10).of_a, ["gynaecology_obstetrics"]);
}

#[test]
fn trauma_surgery_that_stands_for_surgery_is_no_further_department() {
    let alone = stage("internal_medicine trauma_orthopaedics neurology urology ent", "", 10);
    assert_eq!(alone.of_a, ["neurology"]);
    assert_eq!(told(&alone).0, Some(Basic));
}

const FIVE_A: &str = "neurosurgery trauma_orthopaedics neurology cardiology gynaecology";
const HIGHEST: &str = "helipad stroke_unit";

#[test]
fn the_comprehensive_stage_needs_twenty_beds_and_seven_departments() {
    let seven = format!("{PAIR} {FIVE_A} urology ent");
    assert_eq!(stage(&seven, HIGHEST, 20).allowed(), Some(Comprehensive));
    let expected = (Some(Extended), vec!["1 intensive care bed"]);
    assert_eq!(told(&stage(&seven, HIGHEST, 19)), expected);
    let six = format!("{PAIR} {FIVE_A} urology");
    let expected = (Some(Extended), vec!["1 department of list A or B"]);
    assert_eq!(told(&stage(&six, HIGHEST, 20)), expected);
}

#[test]
fn five_of_the_seven_are_of_list_a() {
    let four = format!(
        "{PAIR} neurosurgery trauma_orthopaedics neurology cardiology urology ent paediatrics"
    );
    assert_eq!(told(&stage(&four, HIGHEST, 20)), (Some(Extended), vec!["1 department of list A"]));
}

#[test]
fn the_comprehensive_stage_needs_a_helipad_and_first_treatment_of_strokes() {
    let seven = format!("{PAIR} {FIVE_A} urology ent");
    assert_eq!(told(&stage(&seven, "stroke_unit", 20)), (Some(Extended), vec!["no helipad"]));
    assert_eq!(stage(&seven, "helipad", 20).allowed(), Some(Extended));
    assert_eq!(stage(&seven, "helipad ct", 20).allowed(), Some(Comprehensive)); // with neurology
}

#[test]
fn beds_that_nobody_knows_leave_the_stage_open() {
    let mut one = hospital(PAIR, "", None);
    one.emergency_level = Some(Basic);
    let open = stage_in(catalog(false), one.clone());
    assert_eq!((open.allowed(), open.possible()), (Some(Minimum), Some(Basic)));
    assert_eq!(open.next().unwrap().gaps.unknown, ["whether it has 6 intensive care beds"]);
    assert_eq!(open.comparison(), StageComparison::Unknown);
    // The beds of a department of intensive care are a least number: enough for six, perhaps for ten.
    one.departments.push(Department::new("intensive_care").beds(6));
    let six = stage_in(catalog(false), one.clone());
    assert_eq!((six.intensive_beds, six.allowed()), (IntensiveBeds::AtLeast(6), Some(Basic)));
    let words = "whether it has 10 intensive care beds, at least 6";
    assert!(six.stages[2].gaps.unknown.contains(&words.to_owned()));
    one.departments.pop();
    one.facilities.clear();
    // Without both there are none, unless it states a stage, which asks for six.
    assert_eq!(stage_in(catalog(false), one.clone()).intensive_beds, IntensiveBeds::Unknown);
    one.emergency_level = None;
    assert_eq!(stage_in(catalog(false), one).intensive_beds, IntensiveBeds::Known(0));
}

#[test]
fn departments_that_may_be_hidden_in_broader_ones_leave_the_stage_open() {
    // Neurology and urology are named. Internal medicine may hide cardiology and gastroenterology (A),
    // pneumology and haematology (B); surgery trauma surgery (A), vascular and thoracic surgery (B).
    let one = || hospital(&format!("{PAIR} neurology urology"), "", Some(10));
    let open = stage_in(catalog(true), one());
    let hidden = ["trauma_orthopaedics", "cardiology", "gastroenterology", "pneumology"];
    assert_eq!(open.perhaps[..4], hidden);
    assert_eq!(open.perhaps.len(), 7);
    assert_eq!((open.allowed(), open.possible()), (Some(Basic), Some(Extended)));
    let words = "2 departments, 1 of list A, unless hidden in broader ones";
    assert_eq!(open.next().unwrap().gaps.unknown, [words]);
    assert_eq!(stage_in(catalog(false), one()).possible(), Some(Basic));
}

#[test]
fn the_stated_stage_is_compared_with_what_the_data_allows() {
    let compare = |stated: Option<EmergencyLevel>, beds: u32| {
        let mut one = hospital(PAIR, "", Some(beds));
        one.emergency_level = stated;
        stage_in(catalog(false), one).comparison()
    };
    assert_eq!(compare(Some(Basic), 6), StageComparison::Same);
    assert_eq!(compare(None, 5), StageComparison::Same);
    assert_eq!(compare(Some(Basic), 5), StageComparison::Higher);
    assert_eq!(compare(Some(Extended), 6), StageComparison::Higher);
    assert_eq!(compare(None, 6), StageComparison::Lower);
}

#[test]
fn sites_without_inpatients_have_no_stage_and_a_catalog_may_have_no_rules() {
    let mut clinic = hospital(PAIR, "", Some(6));
    clinic.kind = SiteKind::DayClinic;
    let network = |catalog: Catalog| {
        NetworkBuilder::new("test", day(), catalog).hospital(clinic.clone()).build().unwrap()
    };
    assert_eq!(emergency_stages(&network(catalog(false))).unwrap(), []);
    let bare = Catalog { emergency_rules: EmergencyRules::default(), ..catalog(false) };
    assert_eq!(emergency_stages(&network(bare)), Err(RulesError::NoEmergencyStages));
}

#[test]
fn the_lowest_stage_of_section_7_takes_medicine_and_surgery_or_one_department_of_its_own_field() {
    let reached = |departments: &str| stage(departments, "", 0).allowed();
    assert_eq!(reached(PAIR), Some(Minimum));
    for field in ["ophthalmology", "ent", "dermatology", "urology"] {
        assert_eq!(reached(field), Some(Minimum), "{field}");
    }
    for too_few in ["internal_medicine", "general_surgery", "gynaecology", ""] {
        assert_eq!(reached(too_few), None, "{too_few}");
    }
    // It is not in force yet: a hospital that states no stage is none the lower for it.
    let eyes = stage("ophthalmology", "", 0);
    assert_eq!(eyes.comparison(), StageComparison::Same);
    assert_eq!(eyes.next().unwrap().level, Basic);
    let rules = catalog(false).emergency_rules;
    assert!(rules.source.contains("20 November 2025") && !rules.stages[0].in_force);
}

#[test]
fn what_no_hospital_of_the_data_has_is_unknown_everywhere_and_told_apart() {
    let mut one = hospital(PAIR, "", None);
    one.facilities.clear();
    let network = NetworkBuilder::new("test", day(), catalog(false)).hospital(one).build().unwrap();
    let found = emergency_stages(&network).unwrap().remove(0);
    assert_eq!(found.intensive_beds, IntensiveBeds::Nowhere);
    let basic = &found.stages[1].gaps;
    assert_eq!(
        (basic.answer(), &basic.nowhere[..]),
        (Answer::Unknown, &["intensive care unit".to_owned()][..])
    );
    assert!(basic.unknown.is_empty() && basic.missing.is_empty());
    // Four further departments, of which the data know none.
    assert!(found.stages[2].gaps.nowhere.contains(&"neurology".to_owned()));
    assert_eq!(found.stages[2].gaps.answer(), Answer::Unknown);
}

#[test]
fn a_hospital_of_which_the_data_have_no_department_is_unknown_and_not_empty() {
    let silent = || stage("", "", 20);
    // A helipad is named of another hospital, so this one has none.
    assert_eq!((silent().allowed(), silent().possible()), (None, Some(Extended)));
    assert_eq!(silent().stages[1].gaps.unknown, ["departments"]);
    // One department is a list: what it does not name is not there.
    assert_eq!(stage("psychiatry", "", 20).possible(), None);
}
