//! Wards of one hospital that help each other: who takes whose patients.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::WardId;
use super::wards::{INTENSIVE_CARE, Wards};
use crate::model::{HospitalId, Network};
use crate::problem::{Problem, ProblemKind, Problems, closest};

/// Patients who lie in another ward of the same hospital because their own is full ("outliers", "off-service").
///
/// An emergency who finds the ward full, and a patient who comes from intensive care to a full ward, are laid in
/// another ward of the house that has a free bed, before another hospital is asked or a bed is put up. They stay there to
/// the end. Elective patients wait for their own ward. While a ward is closed, diverted or out of its hours, its patients do not
/// come to the others of the house.
///
/// By default the wards of all specialties help each other but for those that are [`apart`](Self::apart): the largest
/// ward is asked first. Written lists of [`groups`](Self::groups) narrow that, and [`rules`](Self::rules) say it for
/// single wards.
///
/// ```
/// use verbund::simulation::{OutlierRule, Outliers, Settings};
///
/// // Nobody helps but general surgery, which takes patients of internal medicine in up to a tenth of its beds.
/// let rule = OutlierRule::new("internal_medicine", ["general_surgery"]).most_share(0.1);
/// let outliers = Outliers { most_share: 0.0, rules: vec![rule], ..Outliers::default() };
/// assert!(Settings::default().outliers(outliers).check().is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outliers {
    /// Most of a ward's beds, staffed or not, in which patients of other wards lie at a time: a share from 0 to 1, rounded down to
    /// whole beds. 0: wards do not help each other. 0.2 by default, which is assumed; in an American hospital 19.6 % of all
    /// patients lay in another specialty's ward (Song, Tucker, Graue, Moravick & Yang 2020, Management Science 66(9)).
    pub most_share: f64,
    /// Share by which the whole stay is longer in another ward, 0 to 10. 0.23 by default, from the same study.
    pub extra_stay: f64,
    /// Keys of specialties whose wards neither take others' patients nor hand theirs to another ward, unless a rule
    /// says so; intensive care never does. By default psychiatry, psychosomatics, obstetrics, all wards for children and
    /// nuclear medicine (assumed).
    pub apart: Vec<String>,
    /// Lists of specialties whose wards help each other, none in two lists. Empty: all that are not apart are one list.
    pub groups: Vec<Vec<String>>,
    /// For single wards, in place of all above. They must not lead in a circle: wards that help each other are a group.
    pub rules: Vec<OutlierRule>,
}

impl Default for Outliers {
    fn default() -> Self {
        let apart = [
            "psychiatry",
            "child_adolescent_psychiatry",
            "psychosomatic_medicine",
            "obstetrics",
            "paediatrics",
            "paediatric_surgery",
            "paediatric_cardiology",
            "neonatology",
            "nuclear_medicine",
        ];
        Self {
            most_share: 0.2,
            extra_stay: 0.23,
            apart: apart.map(str::to_owned).to_vec(),
            groups: Vec::new(),
            rules: Vec::new(),
        }
    }
}

/// Which wards take the patients of one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutlierRule {
    /// Key of the hospital; `None` for all that have no rule of their own for the specialty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hospital: Option<String>,
    /// Key of the specialty whose patients they are.
    pub of: String,
    /// Keys of the specialties whose wards take them, asked in this order; empty for none.
    pub to: Vec<String>,
    /// Most of these wards' beds for patients of others, 0 to 1; `None` for [`Outliers::most_share`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_share: Option<f64>,
    /// Share by which their stay is longer, 0 to 10; `None` for [`Outliers::extra_stay`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_stay: Option<f64>,
}

impl OutlierRule {
    /// In all hospitals, with the usual share and extra stay.
    pub fn new(of: impl Into<String>, to: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let to = to.into_iter().map(Into::into).collect();
        Self { of: of.into(), to, ..Self::default() }
    }

    /// Restricts it to a hospital, by its key.
    #[must_use]
    pub fn hospital(mut self, hospital: impl Into<String>) -> Self {
        self.hospital = Some(hospital.into());
        self
    }

    /// Sets the most of these wards' beds for patients of others, 0 to 1.
    #[must_use]
    pub fn most_share(mut self, share: f64) -> Self {
        self.most_share = Some(share);
        self
    }

    /// Sets the share by which their stay is longer, 0 to 10.
    #[must_use]
    pub fn extra_stay(mut self, share: f64) -> Self {
        self.extra_stay = Some(share);
        self
    }

    /// What faults call it.
    fn name(&self) -> String {
        match &self.hospital {
            Some(hospital) => format!("{hospital}: {}", self.of),
            None => self.of.clone(),
        }
    }
}

/// A ward that takes patients of another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taker {
    pub(super) ward: WardId,
    /// Most beds for patients of others, 1 or more.
    pub(super) at_most: u32,
    pub(super) extra_stay: f64,
}

/// By ward, those that take its patients, in the order in which they are asked.
pub(super) fn takers(outliers: &Outliers, network: &Network, wards: &Wards) -> Vec<Vec<Taker>> {
    // Wards stand hospital by hospital.
    let mut houses: BTreeMap<HospitalId, Vec<WardId>> = BTreeMap::new();
    for ward in wards.ids() {
        houses.entry(wards[ward].hospital).or_default().push(ward);
    }
    let mut takers = Vec::with_capacity(wards.list.len());
    for ward in wards.ids() {
        let hospital = wards[ward].hospital;
        let house = &houses[&hospital];
        takers.push(match outliers.rule(&network[hospital].key, &wards[ward].specialty) {
            Some(rule) => outliers.by_rule(rule, wards, house),
            None => outliers.usual(ward, wards, house),
        });
    }
    takers
}

impl Outliers {
    /// The rule for a ward: that of its hospital goes before that of all.
    fn rule(&self, hospital: &str, specialty: &str) -> Option<&OutlierRule> {
        let mut of_all = None;
        for rule in &self.rules {
            match rule.hospital.as_deref() {
                _ if rule.of != specialty => {}
                Some(key) if key == hospital => return Some(rule),
                Some(_) => {}
                None => of_all = Some(rule),
            }
        }
        of_all
    }

    fn by_rule(&self, rule: &OutlierRule, wards: &Wards, house: &[WardId]) -> Vec<Taker> {
        let share = rule.most_share.unwrap_or(self.most_share);
        let extra_stay = rule.extra_stay.unwrap_or(self.extra_stay);
        let mut takers = Vec::new();
        for specialty in &rule.to {
            let known = house.iter().find(|ward| wards[**ward].specialty == *specialty);
            takers.extend(known.and_then(|ward| taker(*ward, wards, share, extra_stay)));
        }
        takers
    }

    /// The wards of the same list, the largest first.
    fn usual(&self, ward: WardId, wards: &Wards, house: &[WardId]) -> Vec<Taker> {
        let Some(list) = self.list_of(&wards[ward].specialty) else { return Vec::new() };
        let mut others: Vec<WardId> = Vec::new();
        for &beside in house {
            if beside != ward && self.list_of(&wards[beside].specialty) == Some(list) {
                others.push(beside);
            }
        }
        // Stable: of equal ones the first by key.
        others.sort_by_key(|beside| std::cmp::Reverse(wards[*beside].beds));
        let mut takers = Vec::with_capacity(others.len());
        for beside in others {
            takers.extend(taker(beside, wards, self.most_share, self.extra_stay));
        }
        takers
    }

    /// The number of the list of wards that help each other to which a specialty belongs; `None` for one that is apart.
    pub(super) fn list_of(&self, specialty: &str) -> Option<usize> {
        let is_apart = self.apart.iter().any(|apart| apart == specialty);
        if is_apart || specialty == INTENSIVE_CARE {
            return None;
        }
        if self.groups.is_empty() {
            return Some(0);
        }
        self.groups.iter().position(|group| group.iter().any(|key| key == specialty))
    }

    /// Which wards help each other, in words.
    pub(super) fn groups_in_words(&self) -> String {
        if self.most_share == 0.0 {
            return said!("none");
        }
        let mut groups = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            groups.push(group.join(", "));
        }
        if groups.is_empty() { said!("all that are not apart") } else { groups.join("; ") }
    }

    /// Which wards take whose patients by a rule, in words.
    pub(super) fn rules_in_words(&self) -> String {
        let mut rules = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            let to = rule.to.join(", ");
            rules.push(said!("{of} to {to}", of = rule.name(), to));
        }
        if rules.is_empty() { said!("none") } else { rules.join("; ") }
    }
}

/// A ward with a share of its beds for others' patients; `None` where that is less than a bed.
fn taker(ward: WardId, wards: &Wards, share: f64, extra_stay: f64) -> Option<Taker> {
    // A little more, as 0.29 of 100 beds would be 28 for a computer.
    let at_most = (f64::from(wards[ward].beds) * share + 1e-9).floor() as u32;
    (at_most > 0).then_some(Taker { ward, at_most, extra_stay })
}

impl Outliers {
    /// Adds every rule that is out of its range or cannot be followed, whatever network it is for; the share and the stay
    /// of all are held by the list of settings.
    pub(super) fn check(&self, problems: &mut Problems) {
        let mut shares = Vec::new();
        for rule in &self.rules {
            shares.push((format!("rules.{}.most_share", rule.name()), rule.most_share, 1.0));
            shares.push((format!("rules.{}.extra_stay", rule.name()), rule.extra_stay, 10.0));
        }
        for (field, share, most) in shares {
            // Asked this way, what is no number is out of its range, too.
            if let Some(share) = share.filter(|share| !(0.0..=most).contains(share)) {
                let expected = format!("0 to {most}");
                problems.push(fault(ProblemKind::Range, &field, share.to_string(), &expected));
            }
        }
        self.check_groups(problems);
        for (position, rule) in self.rules.iter().enumerate() {
            self.check_rule(position, rule, problems);
        }
        self.check_circles(problems);
    }

    /// Adds specialties that stand in lists twice.
    fn check_groups(&self, problems: &mut Problems) {
        let mut seen: Vec<&str> = Vec::new();
        for key in self.groups.iter().flatten() {
            if seen.contains(&key.as_str()) {
                let value = format!("\"{key}\" twice");
                let expected = "each specialty once, in one of the groups";
                problems.push(fault(ProblemKind::Duplicate, "groups", value, expected));
            }
            seen.push(key);
        }
    }

    /// Adds what is wrong with one rule.
    fn check_rule(&self, position: usize, rule: &OutlierRule, problems: &mut Problems) {
        let field = format!("rules.{}", rule.name());
        let is_same =
            |earlier: &&OutlierRule| earlier.hospital == rule.hospital && earlier.of == rule.of;
        if self.rules[..position].iter().any(|earlier| is_same(&earlier)) {
            let value = "two rules for the same patients".to_owned();
            problems.push(fault(ProblemKind::Duplicate, &field, value, "one rule"));
        }
        if rule.to.contains(&rule.of) {
            let value = format!("the ward of {} takes its own patients", rule.of);
            problems.push(fault(ProblemKind::Conflict, &field, value, "other wards"));
        }
        for key in rule.to.iter().chain([&rule.of]) {
            if key == INTENSIVE_CARE {
                let value = format!("\"{key}\" takes and lends no beds");
                problems.push(fault(ProblemKind::Conflict, &field, value, "a ward"));
            }
        }
    }

    /// Adds rules that lead in a circle: patients of each of these wards would lie in the next one's beds.
    fn check_circles(&self, problems: &mut Problems) {
        for (position, rule) in self.rules.iter().enumerate() {
            let mut path = vec![position];
            if self.leads_back(position, &mut path) && path.iter().all(|step| *step >= position) {
                let mut keys: Vec<&str> = Vec::with_capacity(path.len() + 1);
                for step in &path {
                    keys.push(&self.rules[*step].of);
                }
                keys.push(&rule.of);
                let field = format!("rules.{}", rule.name());
                let value = format!("a circle of wards: {}", keys.join(" -> "));
                let expected =
                    "rules that do not lead back; wards that help each other are a group";
                problems.push(fault(ProblemKind::Conflict, &field, value, expected));
            }
        }
    }

    /// Whether rules lead from the last one of a path back to a rule, each by another one; the path is that circle then.
    fn leads_back(&self, start: usize, path: &mut Vec<usize>) -> bool {
        let last = &self.rules[path[path.len() - 1]];
        for (number, next) in self.rules.iter().enumerate() {
            // A ward that takes its own patients is a fault of its own.
            let follows = last.to.contains(&next.of) && next.of != last.of;
            let is_elsewhere = |step: &usize| {
                let house = &self.rules[*step].hospital;
                house.is_some() && next.hospital.is_some() && *house != next.hospital
            };
            if !follows || path.iter().any(is_elsewhere) {
                continue;
            }
            if number == start && path.len() > 1 {
                return true;
            }
            if !path.contains(&number) {
                path.push(number);
                if self.leads_back(start, path) {
                    return true;
                }
                path.pop();
            }
        }
        false
    }

    /// Adds what rules and groups name and a network does not know.
    pub(super) fn check_keys(&self, network: &Network, problems: &mut Problems) {
        let mut specialties: Vec<&str> = Vec::new();
        for rate in &network.catalog().demand.rates {
            specialties.push(&rate.specialty);
        }
        let mut hospitals: Vec<&str> = Vec::new();
        for hospital in network.hospitals() {
            hospitals.push(&hospital.key);
        }
        for key in self.groups.iter().flatten() {
            unknown("groups", key, "specialty", &specialties, problems);
        }
        for rule in &self.rules {
            let field = format!("rules.{}", rule.name());
            for key in rule.to.iter().chain([&rule.of]) {
                unknown(&field, key, "specialty", &specialties, problems);
            }
            if let Some(key) = &rule.hospital {
                unknown(&field, key, "hospital", &hospitals, problems);
            }
        }
    }
}

/// Adds a key that is not known.
fn unknown(field: &str, key: &str, what: &str, known: &[&str], problems: &mut Problems) {
    if !known.contains(&key) {
        let value = format!("unknown {what} \"{key}\"");
        let expected = format!("the key of a {what}");
        let mut problem = fault(ProblemKind::Unknown, field, value, &expected);
        problem.closest = closest(key, known.iter().copied());
        problems.push(problem);
    }
}

fn fault(kind: ProblemKind, field: &str, message: String, expected: &str) -> Problem {
    Problem {
        kind,
        file: None,
        line: None,
        column: None,
        entity: "settings".into(),
        field: format!("outliers.{field}"),
        message,
        expected: expected.into(),
        closest: None,
    }
}
