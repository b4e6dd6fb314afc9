//! Writing a model and reading it gives an equal model.

use proptest::prelude::*;
use verbund::calendar::{Date, Hours};
use verbund::files::Folder;
use verbund::model::*;
use verbund::units::Seconds;

use crate::common::{any_line, any_text, at, km_a_minute};

#[test]
fn the_networks_of_the_crate_survive() {
    for folder in [Folder::leipzig(), Folder::small()] {
        let model = folder.read().unwrap();
        let to = tempfile::tempdir().unwrap();
        verbund::files::write(&model, to.path()).unwrap();
        assert_eq!(Folder::open(to.path()).read().unwrap(), model);
        // Nothing half written is left behind.
        let names = std::fs::read_dir(to.path()).unwrap();
        let names: Vec<String> =
            names.map(|one| one.unwrap().file_name().to_string_lossy().into_owned()).collect();
        assert!(names.iter().all(|name| !name.contains(".part")), "{names:?}");
    }
}

fn date() -> impl Strategy<Value = Date> {
    prop_oneof![
        (1990..2040).prop_map(|year| format!("{year}")),
        (1990..2040, 1..13).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (1990..2040, 1..13, 1..29).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
    ]
    .prop_map(|text| text.parse().unwrap())
}

fn hours() -> impl Strategy<Value = Hours> {
    prop_oneof![
        Just(Hours::ALWAYS),
        (0..24, 0..24)
            .prop_filter("some hours", |(from, to)| from != to)
            .prop_map(|(from, to)| format!("Mon-Fri {from}-{to}; Sun 3-4").parse().unwrap()),
    ]
}

fn maybe<T: std::fmt::Debug + Clone>(
    inner: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::of(inner)
}

fn department() -> impl Strategy<Value = Department> {
    (maybe(any_line()), maybe(0_u32..50), maybe(0_u32..50), hours(), maybe(date())).prop_map(
        |(name, beds, day_places, hours, opened)| Department {
            name,
            beds,
            day_places,
            hours,
            opened,
            ..Department::new("neurology")
        },
    )
}

fn facility() -> impl Strategy<Value = Facility> {
    (maybe(Just("regional".to_owned())), maybe(0_u32..9), hours(), maybe(date())).prop_map(
        |(grade, count, hours, closed)| Facility {
            grade,
            count,
            hours,
            closed,
            ..Facility::new("stroke_unit")
        },
    )
}

fn hospital() -> impl Strategy<Value = Hospital> {
    let kinds = prop_oneof![
        Just(SiteKind::Hospital),
        Just(SiteKind::DayClinic),
        Just(SiteKind::OutpatientCentre)
    ];
    let levels = maybe(prop_oneof![Just(CareLevel::Basic), Just(CareLevel::Specialist)]);
    let emergency = maybe(prop_oneof![
        Just(EmergencyLevel::Basic),
        Just(EmergencyLevel::Extended),
        Just(EmergencyLevel::Comprehensive)
    ]);
    let first = (any_line(), any_line(), 47.0..55.0, 6.0..15.0, kinds, levels, emergency);
    let second = (maybe(50_u32..900), department(), facility(), any::<bool>(), maybe(date()));
    let third = (
        maybe(any_line()),
        maybe(any_line()),
        maybe(any_line()),
        maybe((any_line(), date())),
        any_line(),
    );
    (first, second, third).prop_map(|(first, second, third)| {
        let (name, operator, lat, lon, kind, care_level, emergency_level) = first;
        let (beds, department, facility, outside, closed) = second;
        let (city, district, note, former, value) = third;
        let mut hospital = Hospital::new("later", name, Position::new(lat, lon).unwrap());
        hospital.operator = operator;
        hospital.kind = kind;
        hospital.care_level = care_level;
        hospital.emergency_level = emergency_level;
        hospital.beds = beds;
        hospital.departments = vec![department];
        hospital.facilities = vec![facility];
        hospital.outside = outside;
        hospital.closed = closed;
        (hospital.city, hospital.district, hospital.note) = (city, district, note);
        hospital.former_operators.extend(former.map(|(operator, until)| FormerOperator {
            operator,
            ownership: Ownership::NonProfit,
            until,
        }));
        hospital.facts.push(Fact {
            field: "births".into(),
            value,
            unit: None,
            year: Some("2024".into()),
            source: "s".into(),
        });
        hospital.sources = vec!["s".into()];
        hospital.assumed = vec!["position".into(), "departments.neurology".into()];
        hospital
    })
}

fn kind() -> impl Strategy<Value = CooperationKind> {
    let span = || maybe((0_u32..100_000).prop_map(Seconds));
    prop_oneof![
        (span(), maybe(0.0..=1.0)).prop_map(|(door_in_door_out, acceptance)| {
            CooperationKind::Transfer { door_in_door_out, acceptance }
        }),
        span().prop_map(|consult| CooperationKind::Telemedicine { consult }),
        span().prop_map(|call_out| CooperationKind::VisitingTeam { call_out }),
        span().prop_map(|turnaround| CooperationKind::CentralService { turnaround }),
        Just(CooperationKind::SharedOnCall),
        maybe(0.0..=1.0).prop_map(|pooled_share| CooperationKind::SharedBeds { pooled_share }),
        Just(CooperationKind::StaffPool),
        Just(CooperationKind::Framework),
        maybe(0.0..=1.0)
            .prop_map(|staffed_share_gain| CooperationKind::Recruitment { staffed_share_gain }),
        Just(CooperationKind::Teaching),
    ]
}

fn model() -> impl Strategy<Value = Model> {
    let hospitals = prop::collection::vec(hospital(), 3..6);
    let cooperations =
        prop::collection::vec((kind(), hours(), maybe(date()), maybe(any_text())), 0..5);
    let places = prop::collection::vec((any_line(), 0_u32..5000, maybe(0.1..400.0)), 1..6);
    let table = maybe(prop::collection::btree_map(0_usize..6, 0_u32..60_000, 0..6));
    (any_line(), date(), hospitals, cooperations, places, table).prop_map(
        |(name, date, hospitals, cooperations, places, table)| {
            let catalog = Folder::small().read().unwrap().network.catalog().clone();
            let source = Source {
                title: "\"s\" \\".into(),
                year: Some("2020".into()),
                licence: None,
                url: None,
            };
            let mut builder = NetworkBuilder::new(name, date, catalog).source("s", source);
            let count = hospitals.len();
            for (index, mut hospital) in hospitals.into_iter().enumerate() {
                hospital.key = format!("h{index}");
                hospital.parent = (index > 0).then(|| "h0".to_owned());
                builder = builder.hospital(hospital);
            }
            for (index, (kind, hours, since, note)) in cooperations.into_iter().enumerate() {
                let parties = if kind.direction() == Direction::Mutual {
                    Parties::Mutual(vec!["h0".into(), "h1".into(), "h2".into()])
                } else {
                    Parties::Directed { from: "h1".into(), to: vec!["h0".into(), "h2".into()] }
                };
                let mut one = Cooperation::new(format!("c{index}"), kind, parties)
                    .fields(&["neurology", "pharmacy"]);
                (one.hours, one.since, one.note) = (hours, since, note);
                if kind == CooperationKind::Framework {
                    let consult = Some(Seconds(600));
                    let kinds = vec![
                        CooperationKind::Telemedicine { consult },
                        CooperationKind::SharedBeds { pooled_share: Some(0.25) },
                        CooperationKind::StaffPool,
                    ];
                    one.terms.insert("neurology".into(), kinds);
                }
                one.assumed = vec!["terms".into()];
                builder = builder.cooperation(one);
            }
            builder = builder.alliance(Alliance {
                key: "a".into(),
                name: "A".into(),
                members: vec!["h0".into()],
                other_members: vec!["else".into()],
                total_members: Some(9),
                purposes: vec![Purpose::Policy, Purpose::Care],
                since: Some(date),
                until: None,
                sources: vec!["s".into()],
                assumed: vec!["since".into()],
                note: None,
            });
            let bands = vec![AgeBand { from: 0, to: Some(17) }, AgeBand { from: 18, to: None }];
            let count_of_places = places.len();
            let places =
                places.into_iter().enumerate().map(|(index, (name, people, area_km2))| Place {
                    key: format!("p{index}"),
                    name: name.trim().to_owned(),
                    district: "D, with a comma".into(),
                    position: at(index as f64, 0.5),
                    area_km2,
                    outside: index == 1,
                    population: Population { female: vec![people, 1], male: vec![2, people / 2] },
                });
            let places = Places { bands, places: places.collect(), ages_assumed: false };
            let travel_times = table.map(|table| {
                let rows = table.into_iter().filter(|(at, _)| *at < count.min(count_of_places));
                rows.map(|(at, time)| TravelRow {
                    place: format!("p{at}").into(),
                    hospital: format!("h{at}").into(),
                    time: Some(Seconds(time)),
                })
                .collect()
            });
            let parts = PartRule { people: 500, radius_factor: 0.7 };
            let network = builder.build().unwrap();
            let adjustments = Adjustments::default();
            Model { network, places, parts, travel: km_a_minute(), travel_times, adjustments }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_model_survives(model in model()) {
        let to = tempfile::tempdir().unwrap();
        verbund::files::write(&model, to.path()).unwrap();
        let read = Folder::open(to.path()).read();
        prop_assert_eq!(read.map_err(|problems| problems.to_string()), Ok(model));
    }
}
