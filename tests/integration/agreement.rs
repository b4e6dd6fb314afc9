//! An agreement, opened: what each field could change, with numbers that can be checked by hand.

use serde_json::Value;
use verbund::Region;
use verbund::agreement::{
    Agreement, AgreementSettings, BedsSettings, FieldAnswer, NoEffect, Reach, Terms, simulate_beds,
};
use verbund::impact::{CandidateKind, Effect, PROTOCOLS, Sought, WhyNot, suggest, survey};
use verbund::model::{Cooperation, CooperationKind, Parties, Pathway, Urgency};
use verbund::pathways::{Protocol, Query};
use verbund::routing::{Choice, Huff};
use verbund::rules::{Agreed, GroupSettings, UnlockSettings, agreed_unlocks, unlocks};
use verbund::run::Control;
use verbund::simulation::{Figure, RunPlan, Settings};
use verbund::units::Seconds;

use crate::common::small_model;
use crate::doors::copy_of_small;
use crate::run::{json, output, refused, text};

const LINK: &str = "id: \"tele-stroke\", kind: Telemedicine(consult: \"10m\"), from: \"north\", to: [\"south\"],\n            fields: [\"neurology\"]";

fn all(region: &Region) -> Vec<&Pathway> {
    region.network().catalog().pathways.iter().collect()
}

fn settings(region: &Region, choice: Choice) -> AgreementSettings<'_> {
    AgreementSettings {
        pathways: all(region),
        query: Query::default(),
        protocols: PROTOCOLS.to_vec(),
        choice,
    }
}

/// A framework of north and south.
fn agreed(fields: &[&str]) -> Cooperation {
    let partners = Parties::Mutual(vec!["north".into(), "south".into()]);
    Cooperation::new("idea", CooperationKind::Framework, partners).fields(fields)
}

/// The small network without the link that helps the south with strokes.
fn without_link() -> Region {
    let (_folder, path) = copy_of_small(LINK, &LINK.replace("[\"neurology\"]", "[\"pharmacy\"]"));
    Region::open(path).unwrap()
}

fn opened(region: &Region, agreed: &Cooperation) -> Agreement {
    Agreement::new(region, agreed, &settings(region, Choice::Nearest)).unwrap()
}

/// What telemedicine from north to south changes in strokes, by protocol.
fn tele_stroke(answer: &FieldAnswer) -> (Terms, Vec<Effect>) {
    let way = answer
        .ways
        .iter()
        .find(|way| {
            way.kind.name() == "Telemedicine"
                && matches!(way.reach, Reach::Between { .. })
                && way.why_none.is_none()
        })
        .unwrap();
    let stroke = way.effects.iter().find(|effect| effect.pathway == "stroke").unwrap();
    assert_eq!(stroke.until, "thrombolysis");
    (way.terms.clone(), stroke.effects.iter().map(|effect| effect.unwrap()).collect())
}

#[test]
fn an_expert_from_afar_saves_the_longer_journey_less_the_consultation() {
    let region = without_link();
    let mut agreed = agreed(&["neurology"]);
    let (terms, effects) = tele_stroke(&opened(&region, &agreed).fields[0]);
    assert_eq!(terms, Terms::Assumed(vec![Seconds::from_minutes(10)]));
    for effect in &effects {
        // Dedorf is 5 minutes from the south and 35 from the north, Edorf 35 and 75: they save 30 and 40, less ten
        // of consultation. Of their 8,000 and 16,000 people six of eight are adults. Cedorf is as near to both.
        assert!((effect.people - 18_000.0).abs() < 1e-6);
        assert_eq!(effect.most, Seconds::from_minutes(30));
        let mean = (6_000.0 * 20.0 + 12_000.0 * 30.0) / 18_000.0;
        assert!((effect.seconds_per_case().unwrap() / 60.0 - mean).abs() < 1e-6);
        assert_eq!(effect.people_later, 0.0);
    }
    assert_eq!(effects.len(), 2);

    // With a term of its own, five minutes more.
    let short = CooperationKind::Telemedicine { consult: Some(Seconds::from_minutes(5)) };
    agreed.terms.insert("neurology".into(), vec![short]);
    let (terms, effects) = tele_stroke(&opened(&region, &agreed).fields[0]);
    assert_eq!(terms, Terms::Given(Seconds::from_minutes(5)));
    assert_eq!(effects[0].most, Seconds::from_minutes(35));

    // The other way round: the south has no neurology.
    let neurology = &opened(&region, &agreed).fields[0];
    let back = neurology.ways.iter().find(|way| {
        matches!(way.reach, Reach::Between { from, .. } if region.network()[from].key == "south")
            && way.kind.name() == "Telemedicine"
    });
    assert!(matches!(back.unwrap().why_none, Some(NoEffect::NotEligible(_))));
}

#[test]
fn what_runs_already_is_said_to_run_already() {
    let model = small_model();
    let region = Region::new(&model, model.network.date()).unwrap();
    let neurology = &opened(&region, &agreed(&["neurology"])).fields[0];
    let exists = neurology
        .ways
        .iter()
        .any(|way| way.kind.name() == "Telemedicine" && way.why_none == Some(NoEffect::Exists));
    assert!(exists, "{:?}", neurology.ways);
}

#[test]
fn all_cases_of_a_field_go_where_it_is_concentrated() {
    let model = small_model();
    let region = Region::new(&model, model.network.date()).unwrap();
    let opened = opened(&region, &agreed(&["obstetrics"]));
    let [at_north, at_south] = &opened.fields[0].concentrations[..] else { panic!("two") };
    let network = region.network();
    assert_eq!(network[at_north.at].key, "north");

    let north = at_north.outcome.as_ref().unwrap();
    let cases: Vec<(&str, f64, f64)> = north
        .cases
        .iter()
        .map(|change| (network[change.hospital].key.as_str(), change.before, change.after))
        .collect();
    assert_eq!((cases[0].0, cases[1].0), ("north", "south"));
    assert_eq!(cases[1].2, 0.0);
    // Nobody treats them elsewhere, so that none gets lost.
    assert!((cases[0].1 + cases[1].1 - cases[0].2).abs() < 1e-6);
    assert_eq!(north.elsewhere, (0.0, 0.0));

    // Everybody goes to the nearest; the places have the same ages, 63,000 people in all. Cedorf is at 20 minutes.
    let minutes = |seconds: Option<f64>| seconds.unwrap() / 60.0;
    let before = (5.0 + 2.0 * 10.0 + 4.0 * 20.0 + 8.0 * 5.0 + 16.0 * 35.0 + 32.0 * 20.0) / 63.0;
    let after = (5.0 + 2.0 * 10.0 + 4.0 * 20.0 + 8.0 * 35.0 + 16.0 * 75.0 + 32.0 * 20.0) / 63.0;
    assert!((minutes(north.journey_seconds.0) - before).abs() < 0.05);
    assert!((minutes(north.journey_seconds.1) - after).abs() < 0.05);

    // Births: the least of 500 a year stands beside both, and the one that loses its ward has none.
    let births: Vec<_> = north.volumes.iter().filter(|change| change.service == "births").collect();
    assert_eq!(births.len(), 2);
    assert_eq!((births[1].least_cases, births[1].after), (Some(500.0), 0.0));
    assert!(births[0].after > births[0].before);
    // Deliveries of the south are done later, under both protocols.
    let birth = north.pathways.iter().find(|change| change.pathway == "birth").unwrap();
    assert_eq!(birth.by_protocol.len(), 2);
    for (before, after) in &birth.by_protocol {
        assert!(after.mean_seconds > before.mean_seconds);
    }
    assert!(at_south.outcome.is_some() && at_south.faults.is_none());
    // Written with the keys of the region.
    let written = serde_json::to_value(region.keyed(&opened)).unwrap();
    let written = &written["fields"][0]["concentrations"][0];
    assert_eq!((&written["at"], &written["from"][0]), (&"north".into(), &"south".into()));
    assert!(written["outcome"]["journey_seconds"][1].as_f64() > Some(2_000.0));
}

#[test]
fn beds_of_which_none_is_pooled_change_nothing_and_each_kind_has_an_answer() {
    let model = small_model();
    let region = Region::new(&model, model.network.date()).unwrap();
    let mut agreed = agreed(&["internal_medicine", "recruitment"]);
    let none = CooperationKind::SharedBeds { pooled_share: Some(0.0) };
    agreed.terms.insert("internal_medicine".into(), vec![none]);
    let opened = opened(&region, &agreed);
    let settings = Settings::default().days(60).warm_up_days(20);
    let plan = RunPlan { replications: 3, ..RunPlan::default() };
    let settings = BedsSettings { settings, plan };
    let found = simulate_beds(&region, &agreed, &opened, &settings, &Control::default()).unwrap();
    assert_eq!((found.answers.len(), found.replications), (3, 3));
    let beds = &found.answers[0];
    assert_eq!((beds.kind, beds.is_given), (none, true));
    let wards: Vec<u32> = beds.wards.iter().map(|(_, beds)| *beds).collect();
    // The twelve beds of the intensive care unit are those of the north's departments: five of its 90 here.
    assert_eq!(wards, [85, 40]);
    for figure in &beds.figures {
        assert_eq!(figure.change.mean, 0.0, "{figure:?}");
        assert!(figure.before.half_width.is_some());
    }
    let figures: Vec<Figure> = beds.figures.iter().map(|row| row.figure).collect();
    assert_eq!(figures, [Figure::DivertedAway, Figure::Forced, Figure::Refused]);
    assert!(!found.answers[1].is_given);
}

#[test]
fn one_field_unlocks_no_group_that_an_agreement_on_everything_does_not() {
    let region = Region::leipzig().unwrap();
    let network = region.network();
    let groups = GroupSettings::default();
    let whole = unlocks(&region, &groups, &UnlockSettings::default()).unwrap();
    let fields: Vec<String> = network.catalog().field_keys().map(str::to_owned).collect();
    let mut seen = 0;
    for unlock in whole.iter().take(3) {
        let partners = unlock.partners;
        let asked = Agreed { partners: &partners, fields: &fields, without: None };
        let found = agreed_unlocks(&region, &groups, &asked).unwrap();
        // Every field at once is an agreement on everything that a field covers.
        let together = &found.together.unlocks;
        assert_eq!(together.len(), 1);
        assert!(!together[0].unlocked.is_empty());
        for field in found.fields.iter().chain([&found.together]) {
            for part in &field.unlocks {
                assert_eq!(part.partners, unlock.partners);
                for group in &part.unlocked {
                    assert!(unlock.unlocked.contains(group), "{group:?}");
                    seen += 1;
                }
                // What it must cover is of the field.
                for supplied in &part.supplied {
                    let group = supplied.group;
                    assert!(field.covered.contains(&group), "{group:?}");
                }
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn every_field_of_the_regions_agreement_has_a_row() {
    let region = Region::leipzig().unwrap();
    let network = region.network();
    let id = network.find_cooperation("ukl-st-georg-2025").unwrap();
    let choice = Choice::Huff(Huff::default());
    let opened = Agreement::new(&region, &network[id], &settings(&region, choice)).unwrap();
    assert_eq!(opened.cooperation, Some(id));
    let fields: Vec<&str> = opened.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, network[id].fields);

    let field = |key: &str| opened.fields.iter().find(|field| field.field == key).unwrap();
    for key in ["recruitment", "training", "sustainability", "digital"] {
        assert_eq!(field(key).why_none, Some(NoEffect::NotModelled), "{key}");
        assert!(field(key).ways.is_empty() && field(key).concentrations.is_empty());
    }
    assert_eq!(field("emergency").why_none, Some(NoEffect::UnderOtherFields));

    // Both do every stage of a stroke themselves: between them nobody's time changes, and it is said why.
    let neurology = field("neurology");
    let mut between = 0;
    for way in &neurology.ways {
        if let Reach::Between { .. } = way.reach {
            assert!(
                matches!(way.why_none, Some(NoEffect::DoesItItself(_) | NoEffect::Exists)),
                "{way:?}"
            );
            between += 1;
        }
    }
    // Telemedicine, a visiting team and transfers, each way.
    assert_eq!(between, 6);
    // Others around can be helped, under both protocols.
    let around = neurology.ways.iter().filter(|way| !way.effects.is_empty());
    for way in around {
        assert!(matches!(way.reach, Reach::Region { .. }));
        for effect in &way.effects {
            assert_eq!(effect.effects.len(), 2);
        }
    }
    assert_eq!(neurology.concentrations.len(), 2);
    // Pathology has no patients of its own: a centre could work for others.
    assert!(field("pathology").ways.iter().any(|way| way.kind.name() == "CentralService"));
}

fn rows<'v>(value: &'v Value, table: &str) -> &'v Vec<Value> {
    value["tables"][table].as_array().unwrap_or_else(|| panic!("table {table}"))
}

#[test]
fn the_program_opens_a_framework_and_a_pair_that_has_none() {
    let value = json(&["cooperation", "ukl-st-georg-2025"]);
    let fields = rows(&value, "agreed_fields");
    assert_eq!(fields.len(), 9);
    let row = fields.iter().find(|row| row["field"] == "recruitment").unwrap();
    assert!(row["in_short"].as_str().unwrap().starts_with("Agreed; no effect computed."));
    assert!(row["carried_by"].is_null());
    for row in rows(&value, "agreed_minutes") {
        assert!(row["hours_saved_nearest_door"].is_number() || row["hours_saved_free"].is_number());
        assert!(row["terms"].as_str().unwrap().ends_with("(assumed)"), "{row}");
    }
    assert!(value["tables"].get("agreed_beds").is_none());

    let shown = text(&["cooperation", "ukl-st-georg-2025"]);
    for line in shown.lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
    let pair = json(&["cooperation", "--network", "small", "--between", "north", "south"]);
    assert!(rows(&pair, "agreed_fields").iter().any(|row| row["field"] == "obstetrics"));
    assert_eq!(pair["about"]["agreed_already"], "tele-stroke, transfer");

    let one = ["cooperation", "--network", "small", "--between", "north", "south"];
    let with =
        [&one[..], &["--field", "obstetrics", "--with-terms", "--replications", "2"]].concat();
    let with = json(&with);
    let beds = rows(&with, "agreed_beds");
    // Three kinds, three figures each.
    assert_eq!(beds.len(), 9);
    assert!(beds[0]["change_half_width"].is_number());
    assert_eq!(beds[0]["terms"], "20 % pooled (assumed)");

    refused(
        &["cooperation", "--network", "small", "--between", "north", "north"],
        &["two different"],
    );
    refused(&["cooperation", "--network", "small", "--between", "north", "nroth"], &["nroth"]);
    refused(
        &["cooperation", "tele-stroke", "--network", "small", "--with-terms"],
        &["--with-terms"],
    );
    refused(&["cooperation", "--network", "small", "--field", "neurology"], &["--field"]);
}

#[test]
fn terms_of_the_file_stand_beside_what_they_change_and_faults_have_their_line() {
    let framework = |more: &str| {
        format!(
            "id: \"tele-stroke\", kind: Framework, partners: [\"north\", \"south\"],\n            {more}"
        )
    };
    let given = "fields: [\"neurology\"], terms: {\"neurology\": [Telemedicine(consult: \"5m\")]}";
    let (_folder, network) = copy_of_small(LINK, &framework(given));
    let value = json(&["cooperation", "tele-stroke", "--network", &network]);
    let row = rows(&value, "agreed_minutes")
        .iter()
        .find(|row| row["kind"] == "telemedicine" && row["between"] == "north > south")
        .unwrap();
    assert_eq!(row["terms"], "5m (file)");
    assert_eq!(row["people_sooner_nearest_door"].as_f64(), Some(18_000.0));
    // Read and written back, the terms are still there.
    let model = verbund::files::Folder::open(&network).read().unwrap();
    let kept = &model.network.cooperations()[0];
    let json = serde_json::to_string(kept).unwrap();
    assert_eq!(&serde_json::from_str::<Cooperation>(&json).unwrap(), kept);

    for (more, parts) in [
        ("fields: []", &["network.ron:", "field fields: a framework agreement without fields"][..]),
        ("hours: Always", &["network.ron:", "a framework agreement without fields"]),
        (
            "fields: [\"neurology\"], terms: {\"neurolgy\": [SharedOnCall]}",
            &["\"neurolgy\" is no field of the agreement", "did you mean \"neurology\"?"],
        ),
        (
            "fields: [\"neurology\"], terms: {\"neurology\": [Training]}",
            &["Training changes nothing in care"],
        ),
        (
            "fields: [\"neurology\"], terms: {\"neurology\": [SharedBeds(pooled_share: 2)]}",
            &["terms.neurology[0].pooled_share: 2 is out of range"],
        ),
        (
            "fields: [\"neurology\"], terms: {\"neurology\": [Telemedizin]}",
            &["unknown kind of cooperation \"Telemedizin\""],
        ),
    ] {
        let (_folder, network) = copy_of_small(LINK, &framework(more));
        refused(&["cooperation", "tele-stroke", "--network", &network], parts);
        let (code, _, _) = output(&["check", "--network", &network]);
        assert_eq!(code, 1, "{more}");
    }
    let of_other = LINK.replace("fields: [", "terms: {\"neurology\": []}, fields: [");
    let (_folder, network) = copy_of_small(LINK, &of_other);
    refused(&["info", "--network", &network], &["Telemedicine has terms by field"]);
}

#[test]
fn suggestions_over_everything_say_of_the_rest_why_not() {
    let region = without_link();
    let fields: Vec<String> =
        ["neurology", "obstetrics", "psychiatry", "digital"].map(str::to_owned).to_vec();
    let kinds = [CandidateKind::Telemedicine, CandidateKind::Transfer];
    let query = Query::default();
    let found = survey(&region, &all(&region), &kinds, &fields, &PROTOCOLS, &query).unwrap();
    let best = &found.ranked[0];
    assert_eq!((best.kind, best.field.as_str()), (CandidateKind::Telemedicine, "neurology"));
    let network = region.network();
    assert_eq!((&*network[best.best.0].key, &*network[best.best.1].key), ("north", "south"));
    assert!((best.effects[0].people - 18_000.0).abs() < 1e-6);

    let why = |kind: CandidateKind, field: &str| {
        let rest =
            found.without.iter().find(|rest| (rest.kind, rest.field.as_str()) == (kind, field));
        rest.unwrap_or_else(|| panic!("{field}")).why
    };
    // No pathway asks for it, nobody could give it, and nobody would gain: three answers.
    assert_eq!(why(CandidateKind::Telemedicine, "digital"), WhyNot::InNoPathway);
    assert_eq!(why(CandidateKind::Telemedicine, "obstetrics"), WhyNot::InNoPathway);
    let transfer = why(CandidateKind::Transfer, "obstetrics");
    assert!(matches!(transfer, WhyNot::NobodyGains { pairs: 2, .. }), "{transfer:?}");
    let model = small_model();
    let linked = Region::new(&model, model.network.date()).unwrap();
    let neurology = ["neurology".to_owned()];
    let tele = [CandidateKind::Telemedicine];
    let found = survey(&linked, &all(&linked), &tele, &neurology, &PROTOCOLS, &query).unwrap();
    assert_eq!(found.without[0].why, WhyNot::NoPair);

    let value = json(&["cooperation", "--network", "small", "--suggest"]);
    let reasons: Vec<&str> =
        rows(&value, "survey_without").iter().map(|row| row["why"].as_str().unwrap()).collect();
    for start in ["in no pathway", "no eligible pair", "nobody gains"] {
        assert!(reasons.iter().any(|why| why.starts_with(start)), "{start}: {reasons:?}");
    }
    // One kind alone, and one field alone.
    let one = json(&["cooperation", "--network", "small", "--suggest", "--field", "neurology"]);
    let kinds = rows(&one, "survey").len() + rows(&one, "survey_without").len();
    assert_eq!(kinds, 4);
}

#[test]
fn no_suggestion_names_a_door_that_takes_no_emergencies_where_the_stage_needs_one() {
    let region = Region::leipzig().unwrap();
    let (network, pathways) = (region.network(), all(&region));
    let mut named = 0;
    for (kind, field) in [
        (CandidateKind::Telemedicine, "neurology"),
        (CandidateKind::Telemedicine, "paediatrics"),
        (CandidateKind::Telemedicine, "psychiatry"),
        (CandidateKind::VisitingTeam, "psychiatry"),
    ] {
        let sought = Sought { kind, field };
        let query = Query::default().protocol(Protocol::NearestDoor);
        let found = suggest(&region, &pathways, sought, 0, &query).unwrap();
        for suggestion in found.ranked.iter().chain(&found.harmful) {
            // Some stage of an emergency that it could help with is met on site, emergency stage and all.
            let site = &network[suggestion.to];
            let is_door = pathways.iter().any(|pathway| {
                pathway.urgency == Urgency::Emergency
                    && pathway.stages.iter().any(|stage| {
                        stage.ways.iter().any(|way| {
                            way.name() == kind.kind().name()
                                && way.fields() == [field]
                                && stage
                                    .on_site(way.remote())
                                    .is_some_and(|needed| needed.is_met_by(site, network.catalog()))
                        })
                    })
            });
            assert!(is_door, "{} for {field}", site.key);
            named += 1;
        }
    }
    assert!(named > 10, "{named}");
}
