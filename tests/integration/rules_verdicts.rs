//! Three verdicts: holds, fails, and unknown because the data lack something, by hand.

use verbund::Region;
use verbund::coverage;
use verbund::files::Folder;
use verbund::model::*;
use verbund::rules::*;
use verbund::scenario::Scenario;

use crate::common::{at, day, model_of, place};
use crate::problems::Copy;
use crate::run::{json, text};

fn shipped() -> Catalog {
    Folder::small().read().unwrap().network.catalog().clone()
}

/// A hospital at a kilometre of a line with these departments and facilities.
fn hospital(key: &str, km: f64, departments: &str, facilities: &str) -> Hospital {
    let mut hospital = Hospital::new(key, key, at(km, 0.0));
    hospital.departments = departments.split_whitespace().map(Department::new).collect();
    hospital.facilities = facilities.split_whitespace().map(Facility::new).collect();
    hospital
}

fn network(hospitals: Vec<Hospital>, cooperations: Vec<Cooperation>) -> Network {
    let mut builder = NetworkBuilder::new("test", day(), shipped());
    for hospital in hospitals {
        builder = builder.hospital(hospital);
    }
    for cooperation in cooperations {
        builder = builder.cooperation(cooperation);
    }
    builder.build().unwrap()
}

fn specialty(key: &str) -> Requirement {
    Requirement::Specialty(key.into())
}

fn verdict(network: &Network, hospital: &str, requirement: &Requirement) -> Gaps {
    network.judge(requirement, &network[network.find(hospital).unwrap()])
}

#[test]
fn what_the_file_has_somewhere_is_missing_elsewhere_and_what_it_has_nowhere_is_unknown() {
    let network = network(
        vec![
            hospital("a", 0.0, "neurology", "ct"),
            hospital("b", 9.0, "urology", ""),
            hospital("c", 20.0, "", ""),
        ],
        vec![],
    );
    let answer = |hospital: &str, key: &str| verdict(&network, hospital, &specialty(key)).answer();
    assert_eq!(answer("a", "neurology"), Answer::Meets);
    assert_eq!(answer("b", "neurology"), Answer::DoesNot);
    assert_eq!(answer("b", "cardiac_surgery"), Answer::Unknown); // no hospital of the data has any
    // Of c the data have no department at all.
    let silent = verdict(&network, "c", &specialty("neurology"));
    assert_eq!(
        (silent.answer(), silent.unknown),
        (Answer::Unknown, vec!["departments".to_owned()])
    );
    // Facilities have no such rule: who has no list has none of what others have.
    let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
    assert_eq!(verdict(&network, "c", &ct).answer(), Answer::DoesNot);
    // No stage and no care level is stated of anybody.
    let basic = Requirement::EmergencyLevel(EmergencyLevel::Basic);
    assert_eq!(verdict(&network, "a", &basic).nowhere, ["emergency stage"]);
    let maximum = Requirement::CareLevel(CareLevel::Maximum);
    assert_eq!(verdict(&network, "a", &maximum).nowhere, ["care level"]);
}

#[test]
fn of_alternatives_those_count_that_the_file_has_somewhere() {
    let network = network(
        vec![hospital("a", 0.0, "neurology", ""), hospital("b", 9.0, "urology", "")],
        vec![],
    );
    let any = |keys: &[&str]| Requirement::Any(keys.iter().map(|key| specialty(key)).collect());
    // Cardiac surgery is nowhere: neurology is the alternative that b could have and has not.
    let one = verdict(&network, "b", &any(&["neurology", "cardiac_surgery"]));
    assert_eq!(one.answer(), Answer::DoesNot);
    let none = verdict(&network, "b", &any(&["ent", "cardiac_surgery"]));
    assert_eq!((none.answer(), none.nowhere.len()), (Answer::Unknown, 2));
    // What fails by one part fails, whatever is unknown beside it.
    let both = Requirement::All(vec![specialty("neurology"), specialty("ent")]);
    let both = verdict(&network, "b", &both);
    assert_eq!((both.answer(), both.missing), (Answer::DoesNot, vec!["no neurology".to_owned()]));
    assert_eq!(both.nowhere, ["ear, nose and throat"]);
}

#[test]
fn the_day_on_which_the_last_one_closes_makes_nothing_unknown() {
    let model = Folder::small().read().unwrap();
    let text = r#"(format: 1, id: "x", name: "x", source: "test", changes: [
        (on: "2026-07-01", reason: "test", change: CloseDepartment(hospital: "north", specialty: "neurology")),
    ])"#;
    let scenario = Scenario::read(text, "x.ron", &model.network, &model.places).unwrap();
    let after = verbund::scenario::under(&model, &[&scenario], "2026-07-01".parse().unwrap())
        .unwrap()
        .network;
    assert!(!after[after.find("north").unwrap()].has_specialty("neurology"));
    assert_eq!(verdict(&after, "north", &specialty("neurology")).answer(), Answer::DoesNot);
    // A scenario may also bring a kind that nobody had.
    let text = r#"(format: 1, id: "y", name: "y", source: "test", changes: [
        (on: "2026-07-01", reason: "test", change: SetFacility(hospital: "north", facility: (kind: "helipad"))),
    ])"#;
    let scenario = Scenario::read(text, "y.ron", &model.network, &model.places).unwrap();
    let after = verbund::scenario::under(&model, &[&scenario], "2026-07-01".parse().unwrap())
        .unwrap()
        .network;
    let helipad = Requirement::Facility { kind: "helipad".into(), at_least: None };
    assert_eq!(verdict(&after, "south", &helipad).answer(), Answer::DoesNot);
}

#[test]
fn a_region_without_intensive_care_units_is_told_once() {
    let copy = Copy::new().with("network.ron", "                (kind: \"icu\", count: 12),\n", "");
    let network = copy.folder.to_str().unwrap();
    let told = text(&["rules", "emergency", "--network", network]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(told.matches("intensive care unit").count(), 1, "{told}");
    assert!(told.contains("No hospital of the data has any of these: "), "{told}");
    let value = json(&["rules", "emergency", "--network", network]);
    let basic = value["tables"]["stages_by_verdict"].as_array().unwrap()[1].clone();
    // North and south have medicine and surgery, west has neither: two unknown, one fails.
    let count = |key: &str| basic[key].as_u64().unwrap();
    assert_eq!(basic["stage"], "basic");
    assert_eq!(
        [count("holds_count"), count("fails_count"), count("unknown_count")],
        [0, 1, 2],
        "{value}"
    );
}

/// A heart hospital of the state's plan without internal medicine, and a hospital with all that it lacks.
fn heart_and_partner() -> Vec<Hospital> {
    let mut heart = hospital(
        "heart",
        0.0,
        "cardiology cardiac_surgery paediatric_cardiology",
        "cath_lab electrophysiology_lab icu ct",
    );
    heart.care_level = Some(CareLevel::Specialist);
    let mut partner = hospital("partner", 30.0, "internal_medicine general_surgery", "icu");
    partner.emergency_level = Some(EmergencyLevel::Basic);
    vec![heart, partner]
}

#[test]
fn a_group_by_cooperation_is_written_with_its_partner_and_its_agreement() {
    let parties = Parties::Mutual(vec!["heart".into(), "partner".into()]);
    let agreement =
        Cooperation::new("k", CooperationKind::Framework, parties).fields(&["general_surgery"]);
    let agreed = network(heart_and_partner(), vec![agreement]);
    let region = Region::new(&model_of(agreed, vec![]), day()).unwrap();
    let assessment = Assessment::new(region.network(), &GroupSettings::default()).unwrap();
    let json = serde_json::to_value(region.keyed(&assessment)).unwrap();
    assert_eq!(json["sites"][0]["hospital"], "heart");
    let supply = &json["sites"][0]["groups"][0]["verdict"]["Cooperation"]["supplies"][0];
    assert_eq!((&supply["group"], &supply["partner"]), (&"14".into(), &"partner".into()));
    assert_eq!((&supply["cooperation"], supply["permission"].is_string()), (&"k".into(), true));
}

fn group(network: &Network, settings: &GroupSettings, hospital: &str, number: u8) -> Verdict {
    let assessment = Assessment::new(network, settings).unwrap();
    let site = assessment.site(network.find(hospital).unwrap()).unwrap();
    site.group(number).unwrap_or_else(|| panic!("{hospital} offers {number}")).verdict.clone()
}

#[test]
fn a_heart_hospital_does_not_miss_heart_surgery_for_want_of_a_department_of_internal_medicine() {
    let settings = GroupSettings::default();
    let alone = network(heart_and_partner(), vec![]);
    // Annex 1 asks of group 1 specialists of the field of internal medicine, as cardiologists are, and of a
    // partner general surgery (14): of the agreements of the heart hospital the data know nothing.
    let Verdict::Unknown(doubt) = group(&alone, &settings, "heart", 1) else {
        panic!("{:?}", group(&alone, &settings, "heart", 1))
    };
    let clauses: Vec<(String, bool)> =
        doubt.clauses.iter().map(|one| (one.term.to_string(), one.on_site)).collect();
    assert_eq!(clauses, [("14".to_owned(), false)]);
    for number in [10, 11, 12, 13, 21] {
        let verdict = group(&alone, &settings, "heart", number);
        assert!(matches!(verdict, Verdict::Unknown(_)), "{number}: {verdict:?}");
    }
    // An agreement on surgery: all of it stands.
    let parties = Parties::Mutual(vec!["heart".into(), "partner".into()]);
    let agreement =
        Cooperation::new("k", CooperationKind::Framework, parties).fields(&["general_surgery"]);
    let agreed = network(heart_and_partner(), vec![agreement]);
    for number in [1, 10, 11, 12, 13, 21] {
        let verdict = group(&agreed, &settings, "heart", number);
        assert!(matches!(verdict, Verdict::Cooperation(_)), "{number}: {verdict:?}");
    }
    // Who says that there are no other agreements gets a no, for want of a partner.
    let complete = settings.agreements_are_complete(true);
    assert!(matches!(group(&alone, &complete, "heart", 21), Verdict::Missing(_)));
}

#[test]
fn a_group_without_checked_criteria_that_carries_others_is_told_at_the_top() {
    let parties = Parties::Mutual(vec!["heart".into(), "partner".into()]);
    let agreement =
        Cooperation::new("k", CooperationKind::Framework, parties).fields(&["general_surgery"]);
    // Without heart surgery of its own for adults, 22 alone stands for any(21|22|13).
    let network = network(heart_and_partner(), vec![agreement]);
    let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
    // 10 to 13 have 21 beside it, so nothing hangs on 22 here.
    assert_eq!(assessment.unchecked, []);
    let mut table = network.catalog().service_groups.clone();
    for one in &mut table.groups {
        if one.number == 21 {
            one.site = "1 64H 11 22".parse().unwrap(); // as if surgery of adults asked for that of children
        }
    }
    let mut builder = NetworkBuilder::new(
        "test",
        day(),
        Catalog { service_groups: table, ..network.catalog().clone() },
    );
    for one in network.hospitals() {
        builder = builder.hospital(one.clone());
    }
    for one in network.cooperations() {
        builder = builder.cooperation(one.clone());
    }
    let network = builder.build().unwrap();
    let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
    let carrier = &assessment.unchecked[0];
    assert_eq!((carrier.number, network[carrier.hospital].key.as_str()), (22, "heart"));
    let carried: Vec<u8> = carrier.carries.iter().map(|carried| carried.group.number).collect();
    assert_eq!(carried, [10, 11, 12, 13, 21]);
    let region = Region::new(&model_of(network, vec![]), day()).unwrap();
    let document = verbund::report::rules::groups(
        &region,
        &assessment,
        &GroupSettings::default(),
        &verbund::report::rules::GroupFilter::default(),
    );
    let (key, words) = document.about.last().unwrap();
    assert_eq!(*key, "unchecked");
    assert_eq!(
        words.to_string(),
        "22 at heart carries 10 11 12 13 21 at heart; none of its own criteria is checked (G-BA: Kinderherzchirurgie)"
    );
}

#[test]
fn groups_that_rest_on_what_nobody_has_are_named_once_and_not_at_every_hospital() {
    let network = network(heart_and_partner(), vec![]);
    let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
    assert!(assessment.nowhere.kinds.contains("urology"));
    assert!(assessment.nowhere.groups.contains(&GroupRef::plain(38)));
    for site in &assessment.sites {
        assert!(site.group(38).is_none());
    }
    // A unit of unknown grade is the hospital's own matter: it is told there.
    let mut centre =
        hospital("centre", 60.0, "internal_medicine general_surgery trauma_orthopaedics", "icu");
    centre.facilities.push(Facility::new("trauma_centre"));
    let with = self::network(heart_and_partner().into_iter().chain([centre]).collect(), vec![]);
    let verdict = group(&with, &GroupSettings::default(), "centre", 27);
    let Verdict::Unknown(doubt) = verdict else { panic!("{verdict:?}") };
    assert_eq!(doubt.unknown, ["grade of trauma centre"]);
}

#[test]
fn levels_say_what_would_be_reached_at_best() {
    let network = network(heart_and_partner(), vec![]);
    let settings = GroupSettings::default().specialists_are_f(false);
    let assessment = Assessment::new(&network, &settings).unwrap();
    let all = levels(&network, &assessment, &settings);
    let heart = network.find("heart").unwrap();
    let heart = all.iter().find(|one| one.hospital == heart).unwrap();
    // With partners for 14 it may have 1, 10, 11, 12, 13; 21, 22; 64, and so the second level.
    assert_eq!((heart.computed, heart.possible), (None, Some(FederalLevel::Two)));
    let partner = network.find("partner").unwrap();
    let partner = all.iter().find(|one| one.hospital == partner).unwrap();
    assert_eq!(partner.computed, Some(FederalLevel::One));
}

#[test]
fn a_standard_is_unknown_where_the_data_lack_who_offers_it() {
    let mut near = hospital("near", 0.0, "internal_medicine", "");
    near.facilities.push(Facility::new("trauma_centre"));
    let far = {
        let mut far = hospital("far", 60.0, "internal_medicine", "");
        far.facilities.push(Facility::new("trauma_centre").grade("regional"));
        far
    };
    let model =
        |hospitals| model_of(network(hospitals, vec![]), vec![place("p", at(5.0, 0.0), 100)]);
    let requirement =
        Requirement::Facility { kind: "trauma_centre".into(), at_least: Some("regional".into()) };
    let standard = Standard::new("t", requirement, 30);
    let region = Region::new(&model(vec![near.clone(), far.clone()]), day()).unwrap();
    let found = coverage::evaluate(&region, &standard).unwrap();
    // 55 minutes to the centre that is known, 5 to the one whose grade is not.
    assert_eq!((found.share_within_limit(), found.within_limit_at_best), (Some(0.0), 100));
    assert_eq!(found.answer(), Answer::Unknown);
    near.facilities[0].grade = Some("local".into());
    let region = Region::new(&model(vec![near, far]), day()).unwrap();
    assert_eq!(coverage::evaluate(&region, &standard).unwrap().answer(), Answer::DoesNot);
    // Nobody lives there: no share, and no verdict.
    let empty = model_of(Folder::small().read().unwrap().network, vec![]);
    let region = Region::new(&empty, day()).unwrap();
    let found = coverage::evaluate(&region, &standard).unwrap();
    assert_eq!((found.share_within_limit(), found.answer()), (None, Answer::Unknown));
}
