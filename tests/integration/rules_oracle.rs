//! Service groups against a slow, obvious second method on random tables and networks: every subset
//! of what is offered, every subset of the cooperations, and each new agreement really added.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::rules::*;

use crate::common::{day, model_of};
use crate::rules_groups::{catalog, hospital};

const NUMBERS: [u8; 6] = [1, 2, 4, 5, 54, 64];

/// Terms over the groups that `number` may name; without those behind it when on the site.
fn terms(number: u8, on_site: bool) -> BoxedStrategy<GroupTerms> {
    let may = |other: &u8| if on_site { *other < number || *other == 64 } else { true };
    let mut others: Vec<String> =
        NUMBERS.iter().filter(|other| **other != number && may(other)).map(u8::to_string).collect();
    if number == 64 {
        return Just(GroupTerms::default()).boxed();
    }
    // Grades are asked for less often than groups, so that clauses hold often enough to tell.
    others.extend(others.clone());
    others.push(if on_site { "64K" } else { "64H" }.to_owned());
    let leaf = prop::sample::select(others)
        .prop_map(|text| GroupTerm::Group(text.parse::<GroupRef>().unwrap()));
    let term = leaf.prop_recursive(2, 6, 3, |inner| {
        (prop::collection::vec(inner, 1..4), any::<prop::sample::Index>()).prop_map(
            |(parts, count)| GroupTerm::AtLeast(count.index(parts.len()) as u32 + 1, parts),
        )
    });
    let count = if on_site { 0..2 } else { 0..4 };
    prop::collection::vec(term, count).prop_map(GroupTerms).boxed()
}

fn any_table() -> impl Strategy<Value = ServiceGroups> {
    let groups: Vec<_> = NUMBERS
        .iter()
        .map(|&number| {
            (terms(number, true), terms(number, false)).prop_map(move |(site, cooperation)| {
                ServiceGroup {
                    number,
                    name: number.to_string(),
                    block: GroupBlock::Other,
                    site,
                    cooperation,
                    selection_site: GroupTerms::default(),
                    selection_cooperation: GroupTerms::default(),
                    min_specialists: None,
                    elsewhere: None,
                }
            })
        })
        .collect();
    groups.prop_map(|groups| ServiceGroups { source: "test".into(), licence: None, groups })
}

/// Three hospitals, one of them perhaps near another one, each offering at most four things.
fn any_network() -> impl Strategy<Value = Network> {
    let refs = ["1", "2", "4", "5", "54", "64", "64K", "64H"];
    let offers = prop::sample::subsequence(refs.to_vec(), 1..=4);
    let hospitals = prop::collection::vec((offers, any::<bool>()), 3);
    let fields = prop::sample::subsequence(vec!["1", "2", "4", "5", "54", "64"], 1..=3);
    let kinds = ["Framework", "Framework", "Transfer", "Telemedicine", "Ownership"];
    let kinds = prop::sample::select(kinds.to_vec());
    let cooperations = prop::collection::vec((kinds, 0..3_usize, 1..3_usize, fields), 0..7);
    (any_table(), hospitals, cooperations, 0..3_usize).prop_map(
        |(table, hospitals, cooperations, first)| {
            let mut builder = NetworkBuilder::new("test", day(), catalog(table, &[]));
            let offers: Vec<Vec<&str>> =
                hospitals.iter().map(|(groups, _)| groups.clone()).collect();
            for (index, (groups, is_specialist)) in hospitals.into_iter().enumerate() {
                // a and b are 1.5 km apart where the first number says so, c is far away.
                let km = [0.0, if first == 0 { 1.5 } else { 10.0 }, 30.0][index];
                let mut one = hospital(["a", "b", "c"][index], km, &groups.join(" "));
                one.care_level = (is_specialist && index == 2).then_some(CareLevel::Specialist);
                builder = builder.hospital(one);
            }
            for (index, (kind, from, step, fields)) in cooperations.into_iter().enumerate() {
                let keys = ["a", "b", "c"];
                let (giver, to) = (keys[from], keys[(from + step) % 3]);
                let parties = if kind == "Framework" {
                    Parties::Mutual(vec![giver.into(), to.into()])
                } else {
                    Parties::Directed { from: giver.into(), to: vec![to.into()] }
                };
                // An expert must have a department of each field.
                let has = |field: &&&str| kind != "Telemedicine" || offers[from].contains(field);
                let covered: Vec<String> =
                    fields.iter().filter(has).map(|field| format!("g{field}")).collect();
                let kind = CooperationKind::from_name(kind).unwrap();
                let one = Cooperation::new(format!("k{index}"), kind, parties);
                builder = builder.cooperation(Cooperation { fields: covered, ..one });
            }
            builder.build().unwrap()
        },
    )
}

type Pair = (usize, GroupRef);

/// The second method: sets of pairs of hospital and group, checked clause by clause.
struct Oracle<'n> {
    network: &'n Network,
    settings: GroupSettings,
}

impl Oracle<'_> {
    /// What a hospital offers; a grade of intensive care brings the lower ones.
    fn offers(&self, hospital: usize) -> Vec<GroupRef> {
        let mut found = BTreeSet::new();
        for department in &self.network.hospitals()[hospital].departments {
            let text = department.specialty.strip_prefix('g').unwrap();
            let lower: &[&str] = match text {
                "64H" => &["64", "64K", "64H"],
                "64K" => &["64", "64K"],
                _ => &[text],
            };
            found.extend(lower.iter().map(|one| one.parse::<GroupRef>().unwrap()));
        }
        found.into_iter().collect()
    }

    /// Whether `cooperation` lets `from` supply `to` with a group.
    fn supplies(&self, cooperation: &Cooperation, from: usize, to: usize, group: GroupRef) -> bool {
        let key = |at: usize| self.network.hospitals()[at].key.as_str();
        let covers = cooperation.covers(&format!("g{}", group.number));
        let right_way = match (cooperation.kind.name(), &cooperation.parties) {
            ("Framework", Parties::Mutual(partners)) => {
                from != to
                    && partners.iter().any(|one| one == key(from))
                    && partners.iter().any(|one| one == key(to))
            }
            ("Transfer", Parties::Directed { from: sender, to: receivers }) => {
                sender == key(to) && receivers.iter().any(|one| one == key(from))
            }
            ("Telemedicine", Parties::Directed { from: expert, to: helped }) => {
                expert == key(from) && helped.iter().any(|one| one == key(to))
            }
            _ => false,
        };
        covers && right_way
    }

    /// Whether a clause of `group` at `hospital` holds when these pairs are there and only the
    /// cooperations at these positions are.
    fn holds(
        &self,
        term: &GroupTerm,
        (hospital, group, on_site): (usize, GroupRef, bool),
        there: &BTreeSet<Pair>,
        cooperations: &[usize],
    ) -> bool {
        match term {
            GroupTerm::AtLeast(count, parts) => {
                let mut found = 0;
                for part in parts {
                    if self.holds(part, (hospital, group, on_site), there, cooperations) {
                        found += 1;
                    }
                }
                found >= *count
            }
            GroupTerm::Group(wanted) => {
                if there.contains(&(hospital, *wanted)) {
                    return true;
                }
                let own = &self.network.hospitals()[hospital];
                for &index in cooperations {
                    let cooperation = &self.network.cooperations()[index];
                    for (from, other) in self.network.hospitals().iter().enumerate() {
                        let near = own.position.distance_to(other.position).0 <= 2_000;
                        let special = self.settings.specialists_are_f
                            && own.care_level == Some(CareLevel::Specialist);
                        let tele = self.settings.tele_stroke
                            && group.number == 54
                            && cooperation.kind.name() == "Telemedicine";
                        if there.contains(&(from, *wanted))
                            && self.supplies(cooperation, from, hospital, *wanted)
                            && (!on_site || near || special || tele)
                        {
                            return true;
                        }
                    }
                }
                false
            }
        }
    }

    /// Whether every pair of `hospitals` in the set has its clauses, with these cooperations.
    fn stands(&self, there: &BTreeSet<Pair>, only: Option<usize>, cooperations: &[usize]) -> bool {
        let table = &self.network.catalog().service_groups;
        there.iter().filter(|(at, _)| only.is_none_or(|only| only == *at)).all(|&(at, group)| {
            let entry = table.group(group.number).unwrap();
            let plain = GroupRef::plain(group.number);
            there.contains(&(at, plain))
                && entry
                    .site
                    .0
                    .iter()
                    .all(|term| self.holds(term, (at, group, true), there, cooperations))
                && entry
                    .cooperation
                    .0
                    .iter()
                    .all(|term| self.holds(term, (at, group, false), there, cooperations))
        })
    }

    /// The union of all subsets of `offered` that stand, beside pairs that are given.
    fn greatest(
        &self,
        offered: &[Pair],
        given: &BTreeSet<Pair>,
        only: Option<usize>,
        cooperations: &[usize],
    ) -> BTreeSet<Pair> {
        let mut union = BTreeSet::new();
        // Intensive care goes with its grades, which have the same clauses.
        let mut items: BTreeMap<(usize, u8), Vec<Pair>> = BTreeMap::new();
        for (at, group) in offered {
            items.entry((*at, group.number)).or_default().push((*at, *group));
        }
        let items: Vec<Vec<Pair>> = items.into_values().collect();
        for mask in 0..1_u32 << items.len() {
            let chosen = (0..items.len()).filter(|at| mask >> at & 1 == 1);
            let chosen = chosen.flat_map(|at| items[at].clone());
            let chosen: BTreeSet<Pair> = chosen.collect();
            let there: BTreeSet<Pair> = chosen.union(given).copied().collect();
            if self.stands(&there, only, cooperations) {
                union.extend(chosen);
            }
        }
        union
    }

    fn all(&self) -> BTreeSet<Pair> {
        let hospitals = 0..self.network.hospitals().len();
        let offered: Vec<Pair> = hospitals
            .flat_map(|at| self.offers(at).into_iter().map(move |one| (at, one)))
            .collect();
        let cooperations: Vec<usize> = (0..self.network.cooperations().len()).collect();
        self.greatest(&offered, &BTreeSet::new(), None, &cooperations)
    }

    /// The fewest cooperations with which each group of a hospital stands, beside what all others have.
    fn fewest(&self, hospital: usize, all: &BTreeSet<Pair>) -> BTreeMap<GroupRef, usize> {
        let given: BTreeSet<Pair> = all.iter().filter(|(at, _)| *at != hospital).copied().collect();
        let offered: Vec<Pair> =
            self.offers(hospital).into_iter().map(|group| (hospital, group)).collect();
        let mut fewest = BTreeMap::new();
        for mask in 0..1_u32 << self.network.cooperations().len() {
            let cooperations: Vec<usize> =
                (0..self.network.cooperations().len()).filter(|at| mask >> at & 1 == 1).collect();
            for (_, group) in self.greatest(&offered, &given, Some(hospital), &cooperations) {
                let least = fewest.entry(group).or_insert(cooperations.len());
                *least = cooperations.len().min(*least);
            }
        }
        fewest
    }
}

/// The pairs that an assessment finds, without the grades of intensive care.
fn found(network: &Network, settings: &GroupSettings) -> BTreeSet<(usize, u8)> {
    let assessment = Assessment::new(network, settings).unwrap();
    let sites = assessment.sites.iter();
    sites.flat_map(|site| site.met().map(|one| (site.hospital.index(), one.group.number))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn verdicts_and_ways_are_those_of_all_subsets(
        network in any_network(),
        tele_stroke in any::<bool>(),
    ) {
        let settings =
            GroupSettings::default().tele_stroke(tele_stroke).agreements_are_complete(true);
        let oracle = Oracle { network: &network, settings: settings.clone() };
        let all = oracle.all();
        let assessment = Assessment::new(&network, &settings).unwrap();
        prop_assert_eq!(assessment.sites.len(), 3);
        for site in &assessment.sites {
            let at = site.hospital.index();
            let fewest = oracle.fewest(at, &all);
            for one in &site.groups {
                prop_assert_eq!(one.verdict.is_met(), all.contains(&(at, one.group)));
                match &one.verdict {
                    Verdict::OnSite => prop_assert_eq!(fewest[&one.group], 0),
                    Verdict::Cooperation(way) => {
                        prop_assert!(way.is_fewest);
                        prop_assert_eq!(fewest[&one.group], way.cooperations);
                        for supply in &way.supplies {
                            let from = supply.partner.index();
                            prop_assert!(all.contains(&(from, supply.group)));
                            let cooperation = &network[supply.cooperation];
                            prop_assert!(oracle.supplies(cooperation, from, at, supply.group));
                        }
                    }
                    // What nobody offers is unknown, and what fails for want of it.
                    Verdict::Unknown(Doubt { clauses, .. }) | Verdict::Missing(clauses) => {
                        let is_unknown = matches!(one.verdict, Verdict::Unknown(_));
                        prop_assert!(!is_unknown || !assessment.nowhere.groups.is_empty());
                        // Each named clause fails, and each clause that is not named holds.
                        let entry = network.catalog().service_groups.group(one.group.number).unwrap();
                        let every: Vec<usize> = (0..network.cooperations().len()).collect();
                        let columns = [(&entry.site, true), (&entry.cooperation, false)];
                        let failing = columns.iter().flat_map(|(terms, on_site)| {
                            let fails = |term: &&GroupTerm| {
                                !oracle.holds(term, (at, one.group, *on_site), &all, &every)
                            };
                            // A specialised hospital may have it by cooperation.
                            let own = &network.hospitals()[at];
                            let is_special = own.care_level == Some(CareLevel::Specialist);
                            let place = *on_site && !is_special;
                            terms.0.iter().filter(fails).map(|term| (term.clone(), place)).collect::<Vec<_>>()
                        });
                        let named = clauses.iter().map(|one| (one.term.clone(), one.on_site));
                        prop_assert_eq!(named.collect::<Vec<_>>(), failing.collect::<Vec<_>>());
                        prop_assert!(!clauses.is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn an_unlock_is_what_adding_the_agreement_gives(network in any_network()) {
        let settings = GroupSettings::default();
        let region = Region::new(&model_of(network.clone(), vec![]), day()).unwrap();
        let unlocked = unlocks(&region, &settings, &UnlockSettings::default()).unwrap();
        let base = found(&network, &settings);
        let mut expected = BTreeMap::new();
        for (a, b) in [("a", "b"), ("a", "c"), ("b", "c")] {
            let mut builder = NetworkBuilder::new("test", day(), network.catalog().clone());
            for one in network.hospitals() {
                builder = builder.hospital(one.clone());
            }
            for one in network.cooperations() {
                builder = builder.cooperation(one.clone());
            }
            let parties = Parties::Mutual(vec![a.into(), b.into()]);
            let fields = ["g1", "g2", "g4", "g5", "g54", "g64"];
            let new = Cooperation::new("new", CooperationKind::Framework, parties).fields(&fields);
            let with = builder.cooperation(new).build().unwrap();
            let gain: BTreeSet<_> = found(&with, &settings).difference(&base).copied().collect();
            if !gain.is_empty() {
                let id = |key| network.find(key).unwrap();
                expected.insert([id(a), id(b)], gain);
            }
        }
        prop_assert_eq!(unlocked.len(), expected.len());
        for pair in unlocked.windows(2) {
            prop_assert!(pair[0].unlocked.len() >= pair[1].unlocked.len());
        }
        for one in &unlocked {
            let gain: BTreeSet<(usize, u8)> =
                one.unlocked.iter().map(|gained| (gained.hospital.index(), gained.group.number)).collect();
            prop_assert_eq!(&gain, &expected[&one.partners]);
            prop_assert!(!one.supplied.is_empty());
        }
    }

    #[test]
    fn a_new_agreement_never_costs_a_group(network in any_network()) {
        // Ending one after another never adds a group.
        let settings = GroupSettings::default();
        let base = found(&network, &settings);
        for index in 0..network.cooperations().len() {
            let mut builder = NetworkBuilder::new("test", day(), network.catalog().clone());
            for one in network.hospitals() {
                builder = builder.hospital(one.clone());
            }
            for (at, one) in network.cooperations().iter().enumerate() {
                if at != index {
                    builder = builder.cooperation(one.clone());
                }
            }
            let less = found(&builder.build().unwrap(), &settings);
            prop_assert!(less.is_subset(&base));
        }
    }
}

#[test]
fn unlocks_of_leipzig_agree_with_adding_each_agreement() {
    let model = Folder::leipzig().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let network = region.network();
    let settings = GroupSettings::default();
    let fields: Vec<String> = network.catalog().field_keys().map(str::to_owned).collect();
    let base = found(network, &settings);
    let unlocked = unlocks(&region, &settings, &UnlockSettings::default()).unwrap();
    assert!(unlocked.len() > 10);
    for one in unlocked.iter().step_by(7) {
        let keys = one.partners.map(|id| network[id].key.clone());
        let mut builder = NetworkBuilder::new("test", network.date(), network.catalog().clone());
        for (key, source) in network.sources() {
            builder = builder.source(key, source.clone());
        }
        for (key, rule) in network.derivations() {
            builder = builder.derivation(key, rule);
        }
        for hospital in network.hospitals() {
            builder = builder.hospital(hospital.clone());
        }
        for cooperation in network.cooperations() {
            builder = builder.cooperation(cooperation.clone());
        }
        let new =
            Cooperation::new("new", CooperationKind::Framework, Parties::Mutual(keys.to_vec()));
        let with =
            builder.cooperation(Cooperation { fields: fields.clone(), ..new }).build().unwrap();
        let gain: BTreeSet<(usize, u8)> = found(&with, &settings)
            .difference(&base)
            .filter(|(site, _)| !network.hospitals()[*site].outside)
            .copied()
            .collect();
        let named: BTreeSet<(usize, u8)> = one
            .unlocked
            .iter()
            .map(|gained| (gained.hospital.index(), gained.group.number))
            .collect();
        assert_eq!(named, gain, "{keys:?}");
    }
}

#[test]
fn the_random_networks_have_every_kind_of_verdict() {
    // Else the comparisons above would say little.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut on_site, mut one, mut several, mut missing, mut by_right) = (0, 0, 0, 0, 0);
    for _ in 0..300 {
        let network = any_network().new_tree(&mut runner).unwrap().current();
        let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
        for verdict in assessment.sites.iter().flat_map(|site| &site.groups) {
            match &verdict.verdict {
                Verdict::OnSite => on_site += 1,
                Verdict::Cooperation(way) => {
                    let right = |one: &Supply| one.permission != Permission::Table;
                    by_right += usize::from(way.supplies.iter().any(right));
                    *if way.cooperations == 1 { &mut one } else { &mut several } += 1;
                }
                Verdict::Missing(_) | Verdict::Unknown(_) => missing += 1,
            }
        }
    }
    let seen = [on_site, one, several, missing, by_right];
    assert!(seen.iter().all(|count| *count >= 5), "{seen:?}");
}
