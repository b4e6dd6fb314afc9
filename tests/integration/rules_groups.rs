//! Service groups by hand: cases worked out from the table of annex 1, with and without a
//! cooperation, and the site rule on both sides of 2,000 m.

use std::collections::BTreeSet;

use verbund::files::Folder;
use verbund::model::*;
use verbund::rules::*;
use verbund::scenario::Scenario;
use verbund::units::Metres;

use crate::common::{at, day};

/// The shipped table; a department "g14" offers group 14, "g64K" a grade of 64, and a field of the
/// same name covers it. Groups of `unknown` are shown by nothing.
pub(crate) fn catalog(table: ServiceGroups, unknown: &[u8]) -> Catalog {
    let numbers = table.groups.iter().map(|group| GroupRef::plain(group.number));
    let mut refs: Vec<GroupRef> = numbers.collect();
    refs.extend(["64K", "64H"].map(|grade| grade.parse::<GroupRef>().unwrap()));
    let specialty = |group: &GroupRef| Specialty {
        key: format!("g{group}"),
        name: format!("g{group}"),
        name_de: format!("g{group}"),
        part_of: None,
    };
    let offer = |group: &GroupRef| {
        let is_unknown = unknown.contains(&group.number);
        GroupOffer {
            group: *group,
            offered_by: (!is_unknown).then(|| Requirement::Specialty(format!("g{group}"))),
            unknown: is_unknown.then(|| "test".to_owned()),
            fields: vec![format!("g{}", group.number)],
            unless: vec![],
        }
    };
    Catalog {
        specialties: refs.iter().map(specialty).collect(),
        group_assumptions: GroupAssumptions {
            source: "assumed".into(),
            agreements: ["Transfer", "Telemedicine", "Framework"].map(str::to_owned).to_vec(),
            offers: refs.iter().map(offer).collect(),
        },
        service_groups: table,
        ..Catalog::default()
    }
}

fn annex_1() -> ServiceGroups {
    Folder::leipzig().read().unwrap().network.catalog().service_groups.clone()
}

/// A hospital at a kilometre of a line that offers these groups.
pub(crate) fn hospital(key: &str, km: f64, groups: &str) -> Hospital {
    let mut hospital = Hospital::new(key, key, at(km, 0.0));
    let departments = groups.split_whitespace().map(|group| Department::new(format!("g{group}")));
    hospital.departments.extend(departments);
    hospital
}

fn fields(groups: &str) -> Vec<String> {
    groups.split_whitespace().map(|group| format!("g{group}")).collect()
}

/// A mutual agreement that covers these groups.
fn framework(key: &str, partners: [&str; 2], groups: &str) -> Cooperation {
    let parties = Parties::Mutual(partners.map(str::to_owned).to_vec());
    Cooperation {
        fields: fields(groups),
        ..Cooperation::new(key, CooperationKind::Framework, parties)
    }
}

fn directed(key: &str, kind: &str, from: &str, to: &str, groups: &str) -> Cooperation {
    let parties = Parties::Directed { from: from.into(), to: vec![to.into()] };
    let kind = CooperationKind::from_name(kind).unwrap();
    Cooperation { fields: fields(groups), ..Cooperation::new(key, kind, parties) }
}

/// A network on annex 1.
struct World {
    network: Network,
    settings: GroupSettings,
}

fn world(hospitals: Vec<Hospital>, cooperations: Vec<Cooperation>) -> World {
    world_without(&[], hospitals, cooperations)
}

fn world_without(
    unknown: &[u8],
    hospitals: Vec<Hospital>,
    cooperations: Vec<Cooperation>,
) -> World {
    let catalog = catalog(annex_1(), unknown);
    // A hospital far away offers everything, so that the data know of every kind of thing.
    let all: Vec<&str> =
        catalog.specialties.iter().filter_map(|one| one.key.strip_prefix('g')).collect();
    let all = hospital("z", 900.0, &all.join(" "));
    let mut builder = NetworkBuilder::new("test", day(), catalog).hospital(all);
    for hospital in hospitals {
        builder = builder.hospital(hospital);
    }
    for cooperation in cooperations {
        builder = builder.cooperation(cooperation);
    }
    let settings = GroupSettings::default().agreements_are_complete(true);
    World { network: builder.build().unwrap(), settings }
}

impl World {
    fn with(mut self, change: impl FnOnce(&mut GroupSettings, &Network)) -> Self {
        change(&mut self.settings, &self.network);
        self
    }

    fn verdict(&self, hospital: &str, number: u8) -> Verdict {
        let assessment = Assessment::new(&self.network, &self.settings).unwrap();
        let id = self.network.find(hospital).unwrap();
        let site = assessment.site(id).unwrap();
        site.group(number).unwrap_or_else(|| panic!("{hospital} offers {number}")).verdict.clone()
    }

    /// The verdict in one line: `on site`; `20 from b by k (Table), ...`; `missing 1! any(2|4)`, where `!`
    /// means on the site.
    fn say(&self, hospital: &str, number: u8) -> String {
        let clauses = |clauses: &[Clause]| {
            let words = clauses.iter().map(|clause| {
                let place = if clause.on_site { "!" } else { "" };
                let unknown = if clause.hangs_on_unknown { "?" } else { "" };
                format!(" {}{place}{unknown}", clause.term)
            });
            words.collect::<String>()
        };
        match self.verdict(hospital, number) {
            Verdict::OnSite => "on site".to_owned(),
            Verdict::Unknown(doubt) => format!("unknown{}", clauses(&doubt.clauses)),
            Verdict::Missing(missing) => format!("missing{}", clauses(&missing)),
            Verdict::Cooperation(way) => {
                assert!(way.is_fewest);
                let used: BTreeSet<CooperationId> =
                    way.supplies.iter().map(|one| one.cooperation).collect();
                assert_eq!(used.len(), way.cooperations);
                let words = way.supplies.iter().map(|one| {
                    let partner = &self.network[one.partner].key;
                    let key = &self.network[one.cooperation].key;
                    format!("{} from {partner} by {key} ({:?})", one.group, one.permission)
                });
                words.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// A hospital that has all that hearts, strokes and vessels need of each other, 50 km away: 1 and 14
/// (64); 5; 10, 11, 12 and 21 (1 64H, each other); 20 (5, 11); 52 (64K, 53 54); 53; 54 (52, 20); 46.
fn big() -> Hospital {
    hospital("big", 50.0, "1 14 64H 5 10 11 12 20 21 46 52 53 54")
}

#[test]
fn the_big_one_has_everything_on_its_site() {
    let world = world(vec![big()], vec![]);
    for number in [1, 14, 64, 5, 10, 11, 12, 20, 21, 46, 52, 53, 54] {
        assert_eq!(world.say("big", number), "on site", "{number}");
    }
}

#[test]
fn medicine_and_surgery_hold_each_other_up() {
    // 1: site 64, cooperation 14. 14: site 64, cooperation 1. On one site both are there.
    assert_eq!(world(vec![hospital("a", 0.0, "1 14 64")], vec![]).say("a", 1), "on site");
    assert_eq!(world(vec![hospital("a", 0.0, "1 64")], vec![]).say("a", 1), "missing 14");
    // Without intensive care neither.
    let bare = world(vec![hospital("a", 0.0, "1 14")], vec![]);
    assert_eq!(bare.say("a", 1), "missing 64! 14");
    assert_eq!(bare.say("a", 14), "missing 64! 1");
    // Two sites, each with one of the two, an agreement: no deadlock.
    let pair = || vec![hospital("a", 0.0, "1 64"), hospital("b", 50.0, "14 64")];
    let together = world(pair(), vec![framework("k", ["a", "b"], "1 14")]);
    assert_eq!(together.say("a", 1), "14 from b by k (Table)");
    assert_eq!(together.say("b", 14), "1 from a by k (Table)");
    assert_eq!(world(pair(), vec![]).say("a", 1), "missing 14");
}

#[test]
fn a_circle_gives_nothing_that_nobody_offers() {
    // 10 needs 11 and 12, 11 needs 12, 12 needs 10 and 11; nobody offers 12, so all fall.
    let hospitals =
        vec![hospital("a", 0.0, "1 14 64K 10 22"), hospital("b", 50.0, "1 14 64K 11 22")];
    let world = world(hospitals, vec![framework("k", ["a", "b"], "10 11 12")]);
    assert_eq!(world.say("a", 10), "missing 11 12");
    assert_eq!(world.say("b", 11), "missing 12");
    // Three sites with one of the three each: all stand, over three agreements.
    let hospitals = vec![
        hospital("a", 0.0, "1 14 64K 10 22"),
        hospital("b", 50.0, "1 14 64K 11 22"),
        hospital("c", 90.0, "1 14 64K 12 22"),
    ];
    let ring = vec![
        framework("ab", ["a", "b"], "10 11"),
        framework("bc", ["b", "c"], "11 12"),
        framework("ca", ["c", "a"], "12 10"),
    ];
    let all = self::world(hospitals.clone(), ring.clone());
    assert_eq!(all.say("a", 10), "11 from b by ab (Table), 12 from c by ca (Table)");
    assert_eq!(all.say("b", 11), "12 from c by bc (Table)");
    // Without the agreement of b and c, 11 and 12 fall, each for want of the other, then 10.
    let open = self::world(hospitals, vec![ring[0].clone(), ring[2].clone()]);
    assert_eq!(open.say("b", 11), "missing 12");
    assert_eq!(open.say("c", 12), "missing 10 11");
    assert_eq!(open.say("a", 10), "missing 11 12");
}

#[test]
fn lg_54_the_stroke_unit() {
    // Site 1 53 64; cooperation 52 any(18|19|20).
    let small = || vec![hospital("a", 0.0, "1 14 64 53 54"), big()];
    assert_eq!(world(small(), vec![]).say("a", 54), "missing 52 any(18|19|20)");
    let half = world(small(), vec![framework("k", ["a", "big"], "52")]);
    assert_eq!(half.say("a", 54), "missing any(18|19|20)");
    let both = world(small(), vec![directed("k", "Telemedicine", "big", "a", "52 20")]);
    assert_eq!(both.say("a", 54), "20 from big by k (Table), 52 from big by k (Table)");
    // The expert of a tele-link supplies, not the one that is helped.
    let back = world(small(), vec![directed("k", "Telemedicine", "a", "big", "53")]);
    assert_eq!(back.say("a", 54), "missing 52 any(18|19|20)");
    let sender = world(small(), vec![directed("k", "Transfer", "big", "a", "52 20")]);
    assert_eq!(sender.say("a", 54), "missing 52 any(18|19|20)");
    // Who takes patients over supplies the one that hands them on.
    let transfer = world(small(), vec![directed("k", "Transfer", "a", "big", "52 20")]);
    assert_eq!(transfer.say("a", 54), "20 from big by k (Table), 52 from big by k (Table)");
    // A common owner is no agreement on care.
    let owner = world(small(), vec![directed("k", "Ownership", "big", "a", "52 20")]);
    assert_eq!(owner.say("a", 54), "missing 52 any(18|19|20)");
}

#[test]
fn lg_54_by_telemedicine_in_justified_cases() {
    // No internal medicine and no neurology: 1 and 53 are missing on the site.
    let small = || vec![hospital("a", 0.0, "14 64 54"), big()];
    let tele = || directed("k", "Telemedicine", "big", "a", "1 52 53 20");
    let say = |world: World| world.say("a", 54);
    let with = |world: World| world.with(|settings, _| settings.tele_stroke = true);
    assert_eq!(say(world(small(), vec![tele()])), "missing 1! 53!");
    assert_eq!(
        say(with(world(small(), vec![tele()]))),
        "1 from big by k (TeleStroke), 20 from big by k (Table), 52 from big by k (Table), \
         53 from big by k (TeleStroke)"
    );
    let framework = framework("k", ["a", "big"], "1 52 53 20");
    assert_eq!(say(with(world(small(), vec![framework]))), "missing 1! 53!");
    // The right is the stroke unit's alone: 23 needs 1 on the site.
    let hip = vec![hospital("a", 0.0, "14 64 23"), big()];
    assert_eq!(with(world(hip, vec![tele()])).say("a", 23), "missing 1!");
}

#[test]
fn lg_19_the_carotid_artery_rests_on_20() {
    // 19: site 14 1 64K 20; cooperation 52 any(10|11|12|13) any(53|54|55).
    // 20: site 14 1 64; cooperation 5 any(10|11|12|13).
    let small = || vec![hospital("a", 0.0, "1 14 64K 5 19 20 53"), big()];
    let alone = world(small(), vec![]);
    assert_eq!(alone.say("a", 20), "missing any(10|11|12|13)");
    assert_eq!(alone.say("a", 19), "missing 20! 52 any(10|11|12|13)");
    // With 11 alone 20 stands, 19 still lacks 52.
    let heart = world(small(), vec![framework("k", ["a", "big"], "11")]);
    assert_eq!(heart.say("a", 20), "11 from big by k (Table)");
    assert_eq!(heart.say("a", 19), "missing 52");
    // 20 must stand on the site: a partner's 20 does not help 19.
    let vessels = world(small(), vec![framework("k", ["a", "big"], "20 52")]);
    assert_eq!(vessels.say("a", 19), "missing 20! any(10|11|12|13)");
    let both = world(small(), vec![framework("k", ["a", "big"], "10 11 12 52")]);
    assert_eq!(both.say("a", 19), "10 from big by k (Table), 52 from big by k (Table)");
}

#[test]
fn lg_27_takes_the_fewest_agreements() {
    // Site 14 64 1; cooperation 52 20 46.
    let hospitals =
        || vec![hospital("a", 0.0, "1 14 64 27"), big(), hospital("kids", 60.0, "46 64")];
    assert_eq!(world(hospitals(), vec![]).say("a", 27), "missing 52 20 46");
    let two = || {
        vec![framework("a-brain", ["a", "big"], "20 52"), framework("b-kids", ["a", "kids"], "46")]
    };
    assert_eq!(
        world(hospitals(), two()).say("a", 27),
        "20 from big by a-brain (Table), 46 from kids by b-kids (Table), \
         52 from big by a-brain (Table)"
    );
    // One agreement that covers all three is fewer, although its key comes last.
    let mut three = two();
    three.push(framework("z-all", ["a", "big"], "20 46 52"));
    assert_eq!(
        world(hospitals(), three).say("a", 27),
        "20 from big by z-all (Table), 46 from big by z-all (Table), 52 from big by z-all (Table)"
    );
    // Two alike: the first key.
    let mut alike = two();
    alike.push(framework("c-kids", ["a", "kids"], "46"));
    assert!(world(hospitals(), alike).say("a", 27).contains("b-kids"));
}

#[test]
fn lg_62_counts_at_least_two_on_the_site() {
    // Site 14 1 64H atleast(2;5;38;any(30|31|32|33|34)); cooperation 5 38 any(30|31|32|33|34).
    // 33: site 14 1 64H. 38: site 14 1 64, cooperation 5.
    let partner = || hospital("b", 50.0, "1 14 64H 5 33 38");
    let say = |groups: &str, covers: &str| {
        let hospitals = vec![hospital("a", 0.0, groups), partner()];
        let agreement = framework("k", ["a", "b"], covers);
        let cooperations = if covers.is_empty() { vec![] } else { vec![agreement] };
        world(hospitals, cooperations).say("a", 62)
    };
    assert_eq!(say("1 14 64H 62 5 38", ""), "missing any(30|31|32|33|34)");
    assert_eq!(say("1 14 64H 62 5 38", "33"), "33 from b by k (Table)");
    assert_eq!(say("1 14 64H 62 5 33", ""), "missing 38");
    assert_eq!(say("1 14 64H 62 5 33", "38"), "38 from b by k (Table)");
    assert_eq!(say("1 14 64H 62 5 33 38", ""), "on site");
    // Two of the third kind are one: at least two is not reached, whatever partners have.
    let both = "missing atleast(2;5;38;any(30|31|32|33|34))!";
    assert_eq!(say("1 14 64H 62 32 33", "5 38"), both);
    assert_eq!(say("1 14 64H 62 5", "33 38"), both);
}

#[test]
fn lg_42_births_need_paediatrics_of_a_partner() {
    // Site 14 39 1 64; cooperation 46. 46: cooperation 64.
    let hospitals = || vec![hospital("a", 0.0, "1 14 39 42 64"), hospital("b", 50.0, "46 64")];
    assert_eq!(world(hospitals(), vec![]).say("a", 42), "missing 46");
    let with = world(hospitals(), vec![framework("k", ["a", "b"], "46")]);
    assert_eq!(with.say("a", 42), "46 from b by k (Table)");
    // A partner whose own group falls supplies nothing: 46 without intensive care.
    let hospitals = vec![hospital("a", 0.0, "1 14 39 42 64"), hospital("b", 50.0, "46")];
    let with = world(hospitals, vec![framework("k", ["a", "b"], "46")]);
    assert_eq!(with.say("b", 46), "missing 64");
    assert_eq!(with.say("a", 42), "missing 46");
}

#[test]
fn lg_57_takes_either_medicine() {
    // Site any(1|46).
    assert_eq!(world(vec![hospital("a", 0.0, "46 57 64")], vec![]).say("a", 57), "on site");
    assert_eq!(world(vec![hospital("a", 0.0, "57 64")], vec![]).say("a", 57), "missing any(1|46)!");
}

#[test]
fn lg_9_needs_a_grade_of_intensive_care() {
    // Site 14 1 64K; cooperation 57 8. 8: site 14 1 64H, cooperation 35 50 4 57; it is never met here.
    let say = |grade: &str| {
        let groups = format!("1 14 {grade} 57 9");
        world(vec![hospital("a", 0.0, &groups)], vec![]).say("a", 9)
    };
    assert_eq!(say("64"), "missing 64K! 8");
    assert_eq!(say("64K"), "missing 8");
    assert_eq!(say("64H"), "missing 8"); // the higher grade includes the lower one
}

#[test]
fn what_no_data_shows_is_open_and_never_met() {
    // 6: site 1 64; cooperation 57, which nothing shows here.
    let world = world_without(&[57], vec![hospital("a", 0.0, "1 14 6 64 42")], vec![]);
    assert_eq!(world.say("a", 6), "unknown 57?");
    // 42 lacks 39 and 46, which the data would show: missing.
    assert_eq!(world.say("a", 42), "missing 39! 46");
    let assessment = Assessment::new(&world.network, &world.settings).unwrap();
    assert_eq!(assessment.unknown, [57]);
}

#[test]
fn a_near_partner_may_supply_every_clause() {
    // 23: site 64 14 1. The partner has another operator, so they are two sites.
    let say = |km: f64, cooperations: Vec<Cooperation>| {
        let hospitals = vec![hospital("a", 0.0, "14 64 23"), hospital("b", km, "1 14 64")];
        world(hospitals, cooperations).say("a", 23)
    };
    let agreement = || vec![framework("k", ["a", "b"], "1 14")];
    assert_eq!(say(2.0, agreement()), "1 from b by k (Near)"); // exactly 2,000 m
    assert_eq!(say(2.001, agreement()), "missing 1!"); // one metre more
    assert_eq!(say(2.0, vec![]), "missing 14! 1!"); // near, but nothing is agreed
}

#[test]
fn specialised_and_indispensable_sites_may_cooperate_more() {
    // 53: site 1 64.
    let hospitals = |level: Option<CareLevel>| {
        let mut own = hospital("a", 0.0, "53 64");
        own.care_level = level;
        vec![own, big()]
    };
    let world = |level| world(hospitals(level), vec![framework("k", ["a", "big"], "1")]);
    assert_eq!(world(None).say("a", 53), "missing 1!");
    let specialist = || world(Some(CareLevel::Specialist));
    assert_eq!(specialist().say("a", 53), "1 from big by k (LevelF)");
    let without = specialist().with(|settings, _| settings.specialists_are_f = false);
    assert_eq!(without.say("a", 53), "missing 1!");
    let judged = world(None).with(|settings, network| {
        settings.indispensable.extend(network.find("a"));
    });
    assert_eq!(judged.say("a", 53), "1 from big by k (Indispensable)");
    let cross_sector = world(None).with(|settings, network| {
        settings.cross_sector.extend(network.find("a"));
    });
    assert_eq!(cross_sector.say("a", 53), "1 from big by k (Level1i)");
    // Whoever else is indispensable does not help.
    let other = world(None).with(|settings, network| {
        settings.indispensable.extend(network.find("big"));
    });
    assert_eq!(other.say("a", 53), "missing 1!");
}

#[test]
fn buildings_of_one_operator_are_one_site_up_to_2000_metres() {
    let pair = |km: f64| {
        let mut hospitals = vec![hospital("a", 0.0, "1 64"), hospital("b", km, "14 23")];
        hospitals.iter_mut().for_each(|one| one.operator = "o".into());
        world(hospitals, vec![])
    };
    let one = pair(2.0);
    let found = sites(&one.network, ONE_SITE);
    assert_eq!((found.len(), found[0].widest), (2, Metres(2_000))); // with the one far away
    assert_eq!(one.say("a", 1), "on site"); // with the surgery of the other building
    assert_eq!(one.say("b", 23), "on site");
    let two = pair(2.001);
    assert_eq!(sites(&two.network, ONE_SITE).len(), 3);
    assert_eq!(two.say("a", 1), "missing 14");
    // Another operator: two sites, however near.
    let hospitals = vec![hospital("a", 0.0, "1 64"), hospital("b", 0.0, "14")];
    assert_eq!(sites(&world(hospitals, vec![]).network, ONE_SITE).len(), 3);
    // A branch belongs to its main site by name, too.
    let mut branch = hospital("b", 1.0, "14");
    branch.parent = Some("a".into());
    let found = sites(&world(vec![hospital("a", 0.0, "1 64"), branch], vec![]).network, ONE_SITE);
    assert_eq!(found.len(), 2);
    // Three in a row: the farthest points count, so the third is a site of its own.
    let mut row: Vec<Hospital> = ["a", "b", "c"]
        .iter()
        .zip([0.0, 1.5, 3.0])
        .map(|(key, km)| hospital(key, km, ""))
        .collect();
    row.iter_mut().for_each(|one| one.operator = "o".into());
    let world = world(row, vec![]);
    let sizes: Vec<usize> =
        sites(&world.network, ONE_SITE).iter().map(|site| site.hospitals.len()).collect();
    assert_eq!(sizes, [2, 1, 1]);
}

#[test]
fn a_network_without_hospitals_has_no_groups() {
    let builder = NetworkBuilder::new("test", day(), catalog(annex_1(), &[]));
    let network = builder.build().unwrap();
    let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
    assert!(assessment.sites.is_empty() && assessment.unchecked.is_empty());
}

fn level_of(groups: &str, ownership: Ownership) -> SiteLevel {
    let mut own = hospital("a", 0.0, groups);
    own.ownership = ownership;
    let world = world(vec![own], vec![]);
    let assessment = Assessment::new(&world.network, &world.settings).unwrap();
    levels(&world.network, &assessment, &world.settings).remove(0)
}

#[test]
fn levels_on_both_sides_of_their_counts() {
    let words = |groups: &str| {
        let found = level_of(groups, Ownership::Public);
        let level = found.level().map_or("-".to_owned(), |level| level.to_string());
        let next = found.next.map(|next| format!("{}: {}", next.level, next.missing.join(" ")));
        format!("{level} / {}", next.unwrap_or_default())
    };
    assert_eq!(words("1 64"), "- / 1n: 1 14 64".replace(" 64", "")); // 1 falls without 14
    assert_eq!(words("1 14 64"), "1n / 2: 1 internal, 1 surgical, 3 further".replace(", ", " "));
    // Two internal (1 5), two surgical (14 23), 64, and 39 50: one further short of level 2.
    assert_eq!(words("1 5 14 23 39 50 64"), "1n / 2: 1 further");
    assert_eq!(words("1 5 14 23 39 50 57 64"), "2 / 3: 3 internal 3 surgical 5 further");
    // A third surgical group is a further one.
    assert!(words("1 5 14 23 24 39 50 64").starts_with("2 /"));
    // Five internal (1 2 5 6 7), five surgical (14 17 23 24 28), 64 and 35 37 39 46 50 53 57: seven.
    let seven = "1 2 5 6 7 14 17 23 24 28 35 37 39 46 50 53 57 64";
    assert_eq!(words(seven), "2 / 3: 1 further");
    let eight = format!("{seven} 51"); // 51: site 14 1 50 64
    assert_eq!(words(&eight), "3 / ");
    let university = level_of(&eight, Ownership::University);
    assert_eq!(university.level(), Some(FederalLevel::University));
    assert_eq!(level_of(seven, Ownership::University).level(), Some(FederalLevel::Two));
}

#[test]
fn f_and_1i_are_assigned_and_never_computed() {
    let mut own = hospital("a", 0.0, "1 14 64");
    own.care_level = Some(CareLevel::Specialist);
    let mut world = world(vec![own], vec![]);
    let level = |world: &World| {
        let assessment = Assessment::new(&world.network, &world.settings).unwrap();
        let found = levels(&world.network, &assessment, &world.settings).remove(0);
        (found.level(), found.computed)
    };
    let one = Some(FederalLevel::One);
    assert_eq!(level(&world), (Some(FederalLevel::Specialised), one));
    world.settings.specialists_are_f = false;
    assert_eq!(level(&world), (one, one));
    world.settings.cross_sector.extend(world.network.find("a"));
    assert_eq!(level(&world), (Some(FederalLevel::CrossSector), one));
}

#[test]
fn a_scenario_makes_a_cross_sector_site() {
    let region = verbund::Region::leipzig().unwrap();
    let text = r#"(format: 1, id: "wurzen-1i", name: "Wurzen becomes a cross-sector site", source: "invented",
        changes: [(on: "2026-07-01", reason: "a test", change: ConvertHospital(
            hospital: "sana-wurzen", to: CrossSectorSite))])"#;
    let scenario = Scenario::read(text, "wurzen.ron", region.network(), region.places()).unwrap();
    let after = region.apply(&[&scenario], "2026-07-01".parse().unwrap()).unwrap();
    let level = |network: &Network| {
        let settings = GroupSettings::default();
        let assessment = Assessment::new(network, &settings).unwrap();
        let wurzen = network.find("sana-wurzen");
        let levels = levels(network, &assessment, &settings);
        levels.iter().find(|one| Some(one.hospital) == wurzen).unwrap().level()
    };
    assert_eq!(level(region.network()), Some(FederalLevel::One));
    assert_eq!(level(after.network()), Some(FederalLevel::CrossSector));
}
