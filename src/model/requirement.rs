//! Requirements: what a hospital must offer to count.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::calendar::{HourOfWeek, Hours};
use crate::model::{
    CareLevel, Catalog, EmergencyLevel, Hospital, HospitalId, Network, Recorded, SiteKind,
};
use crate::words;

/// The verdict on a rule or a requirement: it holds, it fails, or nobody can tell, because the data
/// lack something.
///
/// What a planner may conclude from a file that does not name a thing depends on the file. The rule,
/// for requirements and for all of [`rules`](crate::rules):
///
/// | the data | the verdict |
/// |---|---|
/// | no hospital of the network has a specialty or a kind of facility, on whatever day ([`Recorded`]) | unknown at every hospital, told once ([`Gaps::nowhere`]) |
/// | no hospital of the network states an emergency stage, or a care level | the same |
/// | of several alternatives the network has some | the others are none: only where it has none of them, all are unknown |
/// | a hospital with inpatients has no department at all in the file | its specialties are unknown |
/// | a hospital marks a department or facility as unknown ([`Hospital::unknown`]) | unknown there |
/// | a facility has no grade, and more than the lowest one is asked for | unknown |
/// | a hospital states no care level, and is no branch and no cross-sector site | unknown |
/// | beds of an intensive care unit, or of a department of it, are not stated | unknown where their number is asked for |
/// | anything else that the file does not name, while it names it of another hospital | it is not there |
///
/// So a list of departments counts as complete, a missing list does not. An unknown never counts as
/// met. Where a hospital fails by one part and is unknown by another, it fails.
///
/// In rising order, so that [`Requirement::All`] has the least answer of its parts and
/// [`Requirement::Any`] the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Answer {
    /// It fails.
    DoesNot,
    /// The data lack something. It never counts as met.
    Unknown,
    /// It holds.
    Meets,
}

impl Answer {
    /// The verdict in a word, as tables have it: `fails`, `unknown` or `holds`.
    pub fn word(self) -> &'static str {
        match self {
            Self::DoesNot => "fails",
            Self::Unknown => "unknown",
            Self::Meets => "holds",
        }
    }
}

/// A hospital of which the data do not say whether it meets a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownSite {
    /// The hospital.
    pub hospital: HospitalId,
    /// What is not stated, in words: `grade of trauma centre`.
    pub unknown: Vec<String>,
}

/// What keeps a hospital from meeting a requirement: a verdict with its reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Gaps {
    /// What it lacks, in words: `no CT`.
    pub missing: Vec<String>,
    /// What the data do not say of this hospital, in words: `grade of trauma centre`.
    pub unknown: Vec<String>,
    /// What no hospital of the data has, in words: `helipad`. It says nothing of this one, so it is
    /// told once for the whole network.
    pub nowhere: Vec<String>,
}

impl Gaps {
    /// The verdict: fails where anything is missing, else unknown where the data lack something.
    ///
    /// ```
    /// use verbund::model::{Answer, Gaps};
    ///
    /// let mut gaps = Gaps::default();
    /// assert_eq!(gaps.answer(), Answer::Meets);
    /// gaps.unknown.push("grade of trauma centre".to_owned());
    /// assert_eq!(gaps.answer(), Answer::Unknown);
    /// gaps.missing.push("no CT".to_owned());
    /// assert_eq!(gaps.answer(), Answer::DoesNot);
    /// ```
    pub fn answer(&self) -> Answer {
        // Whatever else may be there, one thing that is missing decides.
        if !self.missing.is_empty() {
            Answer::DoesNot
        } else if self.unknown.is_empty() && self.nowhere.is_empty() {
            Answer::Meets
        } else {
            Answer::Unknown
        }
    }

    /// What the hospital lacks, then what its record does not say: `unknown: grade of trauma centre`.
    pub fn in_words(self) -> Vec<String> {
        let mut told = self.missing;
        for what in self.unknown {
            told.push(words::kept(|| said!("unknown: {what}", what = words::of(&what))));
        }
        told
    }

    /// Adds what another one has and this one has not.
    pub(crate) fn add(&mut self, other: Self) {
        let lists = [
            (&mut self.missing, other.missing),
            (&mut self.unknown, other.unknown),
            (&mut self.nowhere, other.nowhere),
        ];
        for (list, added) in lists {
            for words in added {
                if !list.contains(&words) {
                    list.push(words);
                }
            }
        }
    }
}

impl UnknownSite {
    /// Each hospital once, by id, with everything that is not stated.
    pub fn merged(sites: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut by_hospital: BTreeMap<HospitalId, Vec<String>> = BTreeMap::new();
        for site in sites {
            let unknown = by_hospital.entry(site.hospital).or_default();
            for what in site.unknown {
                if !unknown.contains(&what) {
                    unknown.push(what);
                }
            }
        }
        let sites = by_hospital.into_iter();
        sites.map(|(hospital, unknown)| Self { hospital, unknown }).collect()
    }
}

/// What a hospital must offer to count.
///
/// Only inpatient sites meet a requirement: a day clinic or an outpatient centre never does.
/// What the data of a hospital do not say is neither met nor missed but [`Answer::Unknown`]; in
/// coverage, pathways, rules and incidents it does not count as met, and they name the hospital.
/// In files: `All([Specialty("neurology"), Facility(kind: "stroke_unit", at_least: "regional")])`,
/// and `Facility("stroke_unit")` where any grade will do.
///
/// It judges one site by itself. What is provided with the help of a partner is not in it: that is a stage of a care
/// pathway ([`pathways`](crate::pathways)) or a cooperation of a service group ([`rules`](crate::rules)). Judging reads
/// the site's departments and facilities once for each part of the requirement.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::model::{Answer, Requirement};
///
/// let model = Folder::small().read()?;
/// let network = model.network.as_of(model.network.date());
/// let unit = Requirement::Facility { kind: "stroke_unit".to_owned(), at_least: None };
/// let both = Requirement::All(vec![Requirement::Specialty("neurology".to_owned()), unit]);
/// let has_both = |hospital| network.answer(&both, hospital) == Answer::Meets;
/// let keys: Vec<_> =
///     network.hospitals().iter().filter(|site| has_both(site)).map(|site| site.key.as_str()).collect();
/// assert_eq!(keys, ["north"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Requirement {
    /// An inpatient department of exactly this specialty. Trauma surgery is not enough where
    /// general surgery is asked for; say [`Requirement::Any`] where it is.
    Specialty(String),
    /// A facility of this kind.
    Facility {
        /// Key of the facility.
        kind: String,
        /// Least grade; `None` when any will do. Whether a facility without a stated grade has it is
        /// unknown, unless it is the lowest one.
        #[serde(skip_serializing_if = "Option::is_none")]
        at_least: Option<String>,
    },
    /// Exactly this level of care. At a site of its own without a stated level it is unknown; a branch
    /// and a cross-sector site have none.
    CareLevel(CareLevel),
    /// At least this emergency level.
    EmergencyLevel(EmergencyLevel),
    /// All of these; met when empty.
    All(Vec<Requirement>),
    /// At least one of these; not met when empty.
    Any(Vec<Requirement>),
}

impl Requirement {
    /// Whether a hospital is known to meet it, in whatever hours.
    pub fn is_met_by(&self, hospital: &Hospital, catalog: &Catalog) -> bool {
        self.judge(hospital, catalog) == Answer::Meets
    }

    /// Whether a hospital is known to meet it with what is open in an hour of the week. Levels have
    /// no hours.
    pub fn is_met_in(&self, hour: HourOfWeek, hospital: &Hospital, catalog: &Catalog) -> bool {
        self.judge_in(hour, hospital, catalog) == Answer::Meets
    }

    /// The hours of the week in which a hospital meets it. Parts of it that are there at different
    /// hours only are never there together: such a hospital has [`Hours::NEVER`].
    ///
    /// ```
    /// use verbund::calendar::Hours;
    /// use verbund::files::Folder;
    /// use verbund::model::{Catalog, Facility, Requirement};
    ///
    /// let network = Folder::small().read()?.network;
    /// let mut south = network[network.find("south").unwrap()].clone();
    /// let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
    /// assert_eq!(ct.hours(&south, network.catalog()), Hours::ALWAYS);
    /// south.facilities[0].hours = "Mon-Fri 8-16".parse().unwrap();
    /// assert_eq!(ct.hours(&south, network.catalog()).to_string(), "Mon-Fri 8-16");
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn hours(&self, hospital: &Hospital, catalog: &Catalog) -> Hours {
        if !self.is_met_by(hospital, catalog) {
            return Hours::NEVER;
        }

        // Most hospitals keep no hours at all, and 168 hours need not be asked one by one.
        let is_always = hospital.departments.iter().all(|department| department.hours.is_always())
            && hospital.facilities.iter().all(|facility| facility.hours.is_always());
        if is_always {
            return Hours::ALWAYS;
        }
        Hours::of(|hour| self.is_met_in(hour, hospital, catalog))
    }

    /// Whether a hospital meets it, in whatever hours, as far as its data say.
    ///
    /// ```
    /// use verbund::model::{Answer, Catalog, Facility, FacilityKind, Hospital, Position, Requirement};
    ///
    /// let mut catalog = Catalog::default();
    /// catalog.facilities.push(FacilityKind {
    ///     key: "trauma_centre".into(),
    ///     name: "trauma centre".into(),
    ///     name_de: "Traumazentrum".into(),
    ///     grades: vec!["local".into(), "regional".into()],
    /// });
    /// let mut hospital = Hospital::new("a", "A", Position::new(51.0, 12.0)?);
    /// hospital.facilities.push(Facility::new("trauma_centre"));
    /// let asks = |grade: &str| Requirement::Facility {
    ///     kind: "trauma_centre".into(),
    ///     at_least: Some(grade.into()),
    /// };
    /// assert_eq!(asks("regional").judge(&hospital, &catalog), Answer::Unknown);
    /// assert_eq!(asks("local").judge(&hospital, &catalog), Answer::Meets); // every grade is
    /// # Ok::<(), verbund::model::PositionError>(())
    /// ```
    pub fn judge(&self, hospital: &Hospital, catalog: &Catalog) -> Answer {
        self.judge_when(hospital, Ground::record(catalog), &|_| true)
    }

    /// The same with what is open in an hour of the week. Levels have no hours.
    pub fn judge_in(&self, hour: HourOfWeek, hospital: &Hospital, catalog: &Catalog) -> Answer {
        self.judge_when(hospital, Ground::record(catalog), &|hours| hours.is_open_in(hour))
    }

    fn judge_when(
        &self,
        hospital: &Hospital,
        ground: Ground<'_>,
        is_open: &dyn Fn(&Hours) -> bool,
    ) -> Answer {
        // Whatever else a site without inpatients has, nobody can stay there.
        if !hospital.kind.has_inpatients() {
            return Answer::DoesNot;
        }
        let answer = match self {
            Self::Specialty(specialty) => {
                let has_it = hospital.departments.iter().any(|department| {
                    department.specialty == *specialty
                        && department.is_inpatient()
                        && is_open(&department.hours)
                });
                known(has_it)
            }
            Self::Facility { kind, at_least } => {
                // Of several facilities the best one counts.
                let mut best = Answer::DoesNot;
                for facility in &hospital.facilities {
                    if facility.kind == *kind && is_open(&facility.hours) {
                        let grade = facility.grade.as_deref();
                        let answer = ground.catalog.is_of_grade(kind, grade, at_least.as_deref());
                        best = best.max(answer);
                    }
                }
                best
            }
            Self::CareLevel(level) => match hospital.care_level {
                Some(stated) => known(stated == *level),
                // The state gives branches and cross-sector sites none: that they state none is an
                // answer.
                None if hospital.has_no_care_level() => Answer::DoesNot,
                None => Answer::Unknown,
            },
            // A stage brings supplements: whoever has one states it, so that none stated is none.
            Self::EmergencyLevel(level) => known(hospital.emergency_level >= Some(*level)),
            // One part that is not there decides, and only then one that nobody knows: the least answer counts.
            Self::All(parts) => {
                let answers = parts.iter().map(|part| part.judge_when(hospital, ground, is_open));
                answers.min().unwrap_or(Answer::Meets)
            }
            Self::Any(parts) => {
                let parts = ground.alternatives(parts);
                let answers = parts.iter().map(|part| part.judge_when(hospital, ground, is_open));
                answers.max().unwrap_or(Answer::DoesNot)
            }
        };

        // That something is not listed says that it is not there only where such things are listed at all.
        let is_doubtful = match answer {
            Answer::DoesNot => ground.is_silent(self, hospital) || self.is_unknown_at(hospital),
            Answer::Unknown => false,
            // What is listed only stands in for what nobody knows.
            Answer::Meets => self.is_unknown_at(hospital),
        };
        if is_doubtful { Answer::Unknown } else { answer }
    }

    /// Whether it asks for a department or facility of which no source says if the hospital has it.
    fn is_unknown_at(&self, hospital: &Hospital) -> bool {
        if hospital.unknown.is_empty() {
            return false;
        }
        match self {
            Self::Specialty(key) => hospital.is_unknown(&format!("departments.{key}")),
            Self::Facility { kind, .. } => hospital.is_unknown(&format!("facilities.{kind}")),
            _ => false,
        }
    }

    /// What a hospital lacks, in words, in the order of the requirement; empty when it is met. What
    /// the data do not say comes behind it: `unknown: grade of trauma centre`.
    pub fn missing(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        self.gaps(hospital, catalog).in_words()
    }

    /// What a hospital lacks, and what its record does not say, each in words and in the order of the
    /// requirement; all empty when it is met. What the rest of the data says does not count here: ask
    /// [`Network::judge`] for that.
    pub fn gaps(&self, hospital: &Hospital, catalog: &Catalog) -> Gaps {
        self.gaps_on(hospital, Ground::record(catalog))
    }

    /// The same among all hospitals of some data.
    pub(crate) fn gaps_in(
        &self,
        hospital: &Hospital,
        catalog: &Catalog,
        recorded: &Recorded,
    ) -> Gaps {
        self.gaps_on(hospital, Ground::data(catalog, recorded))
    }

    /// The verdict alone among all hospitals of some data.
    pub(crate) fn answer_in(
        &self,
        hospital: &Hospital,
        catalog: &Catalog,
        recorded: &Recorded,
    ) -> Answer {
        self.judge_when(hospital, Ground::data(catalog, recorded), &|_| true)
    }

    fn gaps_on(&self, hospital: &Hospital, ground: Ground<'_>) -> Gaps {
        match self.judge_when(hospital, ground, &|_| true) {
            Answer::Meets => return Gaps::default(),
            Answer::Unknown => return self.unknown_on(hospital, ground),
            Answer::DoesNot => {}
        }
        // That it is no hospital at all says more than what it lacks.
        let lacks = |what: String| Gaps { missing: vec![what], ..Gaps::default() };
        match hospital.kind {
            SiteKind::Hospital | SiteKind::CrossSectorSite | SiteKind::HealthCentre => {}
            SiteKind::DayClinic => return lacks("day clinic, no inpatients".to_owned()),
            SiteKind::OutpatientCentre => return lacks("outpatients only".to_owned()),
        }
        match self {
            Self::All(parts) => {
                let mut gaps = Gaps::default();
                for part in parts {
                    gaps.add(part.gaps_on(hospital, ground));
                }
                gaps
            }
            Self::Facility { kind, at_least: Some(_) } if hospital.facility(kind).is_some() => {
                let grade = hospital.facility(kind).and_then(|facility| facility.grade.as_deref());
                lacks(words::kept(|| {
                    let name = ground.catalog.name_in_print(kind);
                    let grade = grade.map_or_else(|| words::of("without a grade"), words::of);
                    said!("{name} is {grade}", name, grade)
                }))
            }
            // Of an `Any` no part is more missing than the others: it is named as a whole.
            _ => lacks(words::kept(|| said!("no {what}", what = self.describe(ground.catalog)))),
        }
    }

    /// What would have to be known to say whether a hospital meets it, in words, in the order of the
    /// requirement; empty unless the answer is [`Answer::Unknown`].
    pub fn unknown(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        self.unknown_on(hospital, Ground::record(catalog)).unknown
    }

    /// What the data lack of a hospital, and what no hospital of them has; nothing unless the answer
    /// is unknown.
    fn unknown_on(&self, hospital: &Hospital, ground: Ground<'_>) -> Gaps {
        let mut gaps = Gaps::default();
        if self.judge_when(hospital, ground, &|_| true) != Answer::Unknown {
            return gaps;
        }
        match self {
            Self::All(parts) => {
                for part in parts {
                    gaps.add(part.unknown_on(hospital, ground));
                }
            }
            Self::Any(parts) => {
                for part in ground.alternatives(parts) {
                    gaps.add(part.unknown_on(hospital, ground));
                }
            }
            // What no hospital has is told once for the network, not of each of them.
            leaf => match ground.nowhere(leaf) {
                Some(words) => gaps.nowhere.push(words),
                None => gaps.unknown.push(leaf.unstated_of(hospital, ground.catalog)),
            },
        }
        gaps
    }

    /// What of a hospital would have to be stated to judge a leaf, in words.
    fn unstated_of(&self, hospital: &Hospital, catalog: &Catalog) -> String {
        if self.is_unknown_at(hospital) {
            return words::kept(|| said!("whether it has {what}", what = self.describe(catalog)));
        }
        match self {
            Self::Facility { kind, .. } => {
                words::kept(|| said!("grade of {name}", name = catalog.name_in_print(kind)))
            }
            Self::CareLevel(_) => "care level".to_owned(),
            Self::Specialty(_) => "departments".to_owned(),
            _ => words::kept(|| self.describe(catalog)),
        }
    }

    /// The hospitals of a network of which the data do not say whether they meet it, by id. They
    /// count as not meeting it. What no hospital of the data has, none of them has here: it could not be met.
    pub fn unknown_sites(&self, network: &Network) -> Vec<UnknownSite> {
        // What no hospital has is told once for the network, and not for each of its hospitals.
        let data = Ground::data(network.catalog(), network.recorded());
        let ground = Ground { doubts_what_is_nowhere: false, ..data };
        let mut sites = Vec::new();
        for (hospital, site) in network.iter() {
            let unknown = self.unknown_on(site, ground).unknown;
            if !unknown.is_empty() {
                sites.push(UnknownSite { hospital, unknown });
            }
        }
        sites
    }

    /// What of a hospital this rests on that nobody published: paths as in its `assumed` list, in
    /// the order of the requirement. Of several ways to meet it, all that are met are named.
    pub fn assumed_of(&self, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
        let mut paths = Vec::new();
        for leaf in self.leaves() {
            // Assumptions count where the verdict rests on them: not where something else decided.
            if !leaf.is_met_by(hospital, catalog) {
                continue;
            }
            match leaf {
                Self::Specialty(key) => paths.push(format!("departments.{key}")),
                Self::Facility { kind, at_least } => {
                    paths.push(format!("facilities.{kind}"));
                    // A grade that nobody asked for may be assumed or not.
                    if at_least.is_some() {
                        paths.push(format!("facilities.{kind}.grade"));
                    }
                }
                Self::CareLevel(_) => paths.push("care_level".to_owned()),
                Self::EmergencyLevel(_) => paths.push("emergency_level".to_owned()),
                Self::All(_) | Self::Any(_) => {}
            }
        }
        paths.retain(|path| hospital.is_assumed(path));
        paths
    }

    /// The requirement in words: `internal medicine and (general surgery or trauma surgery)`.
    pub fn describe(&self, catalog: &Catalog) -> String {
        let join = |parts: &[Self], between: &str| {
            let mut told = Vec::with_capacity(parts.len());
            for part in parts {
                let described = part.describe(catalog);
                told.push(match part {
                    Self::All(inner) | Self::Any(inner) if inner.len() > 1 => {
                        format!("({described})")
                    }
                    _ => described,
                });
            }
            told.join(between)
        };
        match self {
            Self::Specialty(key) => catalog.name_in_print(key).to_owned(),
            Self::Facility { kind, at_least: None } => catalog.name_in_print(kind).to_owned(),
            Self::Facility { kind, at_least: Some(grade) } => {
                let (name, grade) = (catalog.name_in_print(kind), words::of(grade));
                said!("{name} of grade {grade} or higher", name, grade = grade.replace('_', " "))
            }
            Self::CareLevel(level) => {
                said!(
                    "care level {level}",
                    level = words::of_in("care_level", &format!("{level:?}"))
                )
            }
            Self::EmergencyLevel(level) => {
                said!("emergency level {level} or higher", level = words::of(&format!("{level:?}")))
            }
            Self::All(parts) if parts.is_empty() => said!("anything"),
            Self::Any(parts) if parts.is_empty() => said!("something impossible"),
            Self::All(parts) => join(parts, &words::of(" and ")),
            Self::Any(parts) => join(parts, &words::of(" or ")),
        }
    }

    /// The requirements at its leaves, each with its path.
    pub(crate) fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
            leaf => vec![leaf],
        }
    }
}

/// What a requirement is judged on.
#[derive(Clone, Copy)]
struct Ground<'g> {
    catalog: &'g Catalog,
    /// Which kinds of things the data have; `None` where a hospital's own record is all that is asked.
    recorded: Option<&'g Recorded>,
    /// Whether what no hospital of the data has is unknown at each; else none of them has it.
    doubts_what_is_nowhere: bool,
}

impl<'g> Ground<'g> {
    /// The record of a hospital alone.
    fn record(catalog: &'g Catalog) -> Self {
        Self { catalog, recorded: None, doubts_what_is_nowhere: false }
    }

    /// All hospitals of some data.
    fn data(catalog: &'g Catalog, recorded: &'g Recorded) -> Self {
        Self { catalog, recorded: Some(recorded), doubts_what_is_nowhere: true }
    }

    /// Whether that a hospital does not have what a leaf asks for says nothing about the hospital.
    fn is_silent(self, leaf: &Requirement, hospital: &Hospital) -> bool {
        let is_without = |recorded: &Recorded| recorded.is_without_departments(hospital);
        let is_unstated =
            matches!(leaf, Requirement::Specialty(_)) && self.recorded.is_some_and(is_without);
        is_unstated || self.nowhere(leaf).is_some()
    }

    /// Those of some alternatives that count: without those that no hospital of the data has, unless it
    /// has none of them.
    fn alternatives(self, parts: &[Requirement]) -> Vec<&Requirement> {
        let mut recorded = Vec::with_capacity(parts.len());
        for part in parts {
            if !self.is_nowhere(part) {
                recorded.push(part);
            }
        }
        // What the data can say is judged by that alone; where they can say nothing, all of it is
        // unknown.
        if recorded.is_empty() { parts.iter().collect() } else { recorded }
    }

    /// Whether no hospital of the data can meet a requirement, because none has what it asks for.
    fn is_nowhere(self, requirement: &Requirement) -> bool {
        match requirement {
            Requirement::All(parts) => parts.iter().any(|part| self.is_nowhere(part)),
            Requirement::Any(parts) => {
                !parts.is_empty() && parts.iter().all(|part| self.is_nowhere(part))
            }
            leaf => self.nowhere(leaf).is_some(),
        }
    }

    /// What a leaf asks for, in words, where no hospital of the data has it.
    fn nowhere(self, leaf: &Requirement) -> Option<String> {
        let recorded = self.recorded.filter(|_| self.doubts_what_is_nowhere)?;
        let (is_there, name) = match leaf {
            Requirement::Specialty(key) => (recorded.has_specialty(key), key.as_str()),
            Requirement::Facility { kind, .. } => (recorded.has_facility(kind), kind.as_str()),
            Requirement::CareLevel(_) => (recorded.has_care_levels(), "care level"),
            Requirement::EmergencyLevel(_) => (recorded.has_emergency_levels(), "emergency stage"),
            Requirement::All(_) | Requirement::Any(_) => return None,
        };
        // The last two are no key of the catalog, and words of the program.
        (!is_there)
            .then(|| words::kept(|| words::of(self.catalog.name_in_print(name)).into_owned()))
    }
}

/// The answer where the data say it.
fn known(is_met: bool) -> Answer {
    if is_met { Answer::Meets } else { Answer::DoesNot }
}

impl fmt::Display for Requirement {
    /// As files write it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |parts: &[Self]| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Specialty(key) => write!(out, "Specialty({key:?})"),
            Self::Facility { kind, at_least: None } => write!(out, "Facility({kind:?})"),
            Self::Facility { kind, at_least: Some(grade) } => {
                write!(out, "Facility(kind: {kind:?}, at_least: {grade:?})")
            }
            Self::CareLevel(level) => write!(out, "CareLevel({level:?})"),
            Self::EmergencyLevel(level) => write!(out, "EmergencyLevel({level:?})"),
            Self::All(parts) => write!(out, "All([{}])", list(parts)),
            Self::Any(parts) => write!(out, "Any([{}])", list(parts)),
        }
    }
}
