//! More patients: epidemic curves and incidents with many injured people.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize, Serializer};

use crate::files::record::{Reader, Record};
use crate::model::check::Checker;
use crate::model::check::bounds::shown;
use crate::model::hospital::is_default;
use crate::model::location::Fault;
use crate::problem::ProblemKind;
use crate::scenario::base::MOST_FACTOR;
use crate::scenario::base::{Base, check_keys, check_place};
use crate::scenario::kind::Kind;
use crate::scenario::refers::Refers;
use crate::scenario::state::{Refusal, State};
use crate::scenario::terms::{Fields, Terms};

/// The kinds of this family, behind those of the families before it.
macro_rules! patients_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// More, or fewer, emergencies. Surges that meet are multiplied. It has no `until`.
            Surge(Surge) => patients::Arrivals {
                does: "emergencies of `specialties` or `conditions` are multiplied by the `factors` (0 to 100), one \
                    after the other, each for `days` (1 to 366, 7 without it); in `districts` only; `icu_share` (0 \
                    to 1) of the additional patients need intensive care.",
                example: r#"(on: "2026-01-12", reason: "influenza",
 change: Surge(specialties: ["internal_medicine", "geriatrics"], factors: [1.1, 1.3, 1.4, 1.2], days: 14, icu_share: 0.1)),"#,
            }
            /// Many injured people at one place. It has no `until`.
            Incident(Incident) => patients::Injured {
                does: "a mass-casualty incident (Massenanfall von Verletzten): patients by triage category who leave \
                    the scene within `minutes` (1 to 1,440; 60 without it); `keys` say how many an hour a hospital \
                    takes, by its stage `Basic`, `Extended`, `Comprehensive` (the ones here are the usual ones, \
                    assumed). `alarmed: (after_minutes: 60, percent: 200)`: so many per cent of them from then \
                    on. `helicopters: (count: 2, reach_minutes: 30, turnaround_minutes: 20)` bring red patients to \
                    hospitals with a helipad. `theatres: (open: [1, 2, 4], red_percent: 63, yellow_percent: 30, \
                    minutes: 90)`: operating theatres that are free for them, by stage, who needs one and for how \
                    long (the ones here are the usual ones).",
                example: r#"(on: "2026-06-13 19:30", reason: "accident at a concert",
 change: Incident(place: "14730310", /* Torgau */ red: 12, yellow: 20, green: 40, minutes: 90,
     keys: (red: [2, 4, 8], yellow: [4, 8, 16], green: [8, 16, 32]))),"#,
            }
        }
    };
}

/// Longest step of a surge, in days.
const LONGEST_STEP: u32 = 366;
/// Most patients of one category of an incident.
const MOST_PATIENTS: u32 = 10_000;
/// Longest time in which the patients of an incident leave, in minutes: a day.
const LONGEST_INCIDENT: u32 = 24 * 60;
/// Most patients of an incident that a hospital takes in an hour.
const MOST_AN_HOUR: u32 = 1_000;

/// Key of the specialty in whose beds the injured of an incident lie.
pub(crate) const OF_THE_INJURED: &str = "trauma_orthopaedics";

/// An epidemic curve: emergency arrivals are multiplied, step after step.
///
/// Where two surges meet, their factors are multiplied.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Surge {
    /// Keys of the specialties whose emergencies are multiplied; each has a rate of demand.
    #[serde(
        default,
        deserialize_with = "crate::model::renamed::read_keys",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub specialties: Vec<String>,
    /// Keys of the tracer conditions that are multiplied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The factor of each step, 0 to 100, at least one; 1 is as usual.
    pub factors: Vec<f64>,
    /// Days of a step, 1 to 366.
    #[serde(default = "usual_days")]
    pub days: u32,
    /// Districts (Kreise) in which arrivals are multiplied; empty for everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<String>,
    /// Share (0 to 1) of the additional patients who need intensive care; `None` for the usual
    /// share. A factor below 1 adds nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icu_share: Option<f64>,
}

fn usual_days() -> u32 {
    Surge::USUAL_DAYS
}

impl Surge {
    /// Days of a step when a file says nothing.
    pub const USUAL_DAYS: u32 = 7;

    /// The factor so many minutes after the start; 1 from the end of the curve on.
    ///
    /// ```
    /// use verbund::scenario::Surge;
    ///
    /// let surge = Surge {
    ///     specialties: vec!["internal_medicine".into()], conditions: vec![],
    ///     factors: vec![1.2, 1.5], days: 1, districts: vec![], icu_share: None,
    /// };
    /// let factors = [0, 1439, 1440, 2879, 2880].map(|minute| surge.factor_at(minute));
    /// assert_eq!(factors, [1.2, 1.2, 1.5, 1.5, 1.0]);
    /// ```
    pub fn factor_at(&self, minute: u64) -> f64 {
        // A step of 0 days is told when the scenario is checked: until then it must not divide by
        // zero.
        let step = minute / (u64::from(self.days.max(1)) * 24 * 60);
        let factor = usize::try_from(step).ok().and_then(|step| self.factors.get(step));
        factor.copied().unwrap_or(1.0)
    }
}

/// More, or fewer, emergencies.
pub(super) struct Arrivals;

impl Kind for Arrivals {
    type Terms = Surge;
    const WHY_WITHOUT_END: Option<&'static str> = Some("the curve has its length");
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Surge> {
        terms.fields(|fields| {
            Some(Surge {
                specialties: fields.texts("specialties"),
                conditions: fields.texts("conditions"),
                factors: fields.record.values(fields.reader, "factors", "a number"),
                days: fields.count("days").unwrap_or(Surge::USUAL_DAYS),
                districts: fields.texts("districts"),
                icu_share: fields.any_number("icu_share"),
            })
        })
    }

    fn check(surge: &Surge, base: &Base<'_>, checker: &mut Checker<'_>) {
        let demand = &base.network.catalog.demand;
        // Without a rate there are no arrivals that could be multiplied.
        let rates = demand.rates.iter().map(|rate| rate.specialty.as_str()).collect();
        check_keys("specialties", "specialty with a rate", &surge.specialties, &rates, checker);
        let conditions = demand.conditions.iter().map(|condition| condition.key.as_str()).collect();
        check_keys("conditions", "condition", &surge.conditions, &conditions, checker);
        check_keys("districts", "district", &surge.districts, base.districts(), checker);
        if surge.specialties.is_empty() && surge.conditions.is_empty() {
            let fault = Fault::new(ProblemKind::Missing, "a surge of nothing");
            checker.fault("specialties", fault.expected("specialties or conditions"));
        }

        if surge.factors.is_empty() {
            let fault = Fault::new(ProblemKind::Missing, "a surge without a factor");
            checker.fault("factors", fault.expected("at least one factor"));
        }
        for (index, factor) in surge.factors.iter().enumerate() {
            if !(0.0..=MOST_FACTOR).contains(factor) {
                let message = said!("{shown} is out of range", shown = shown(*factor));
                let fault = Fault::new(ProblemKind::Range, message);
                let fault = fault
                    .expected(said!("a factor from 0 to {most_factor}", most_factor = MOST_FACTOR));
                checker.fault(&format!("factors[{index}]"), fault);
            }
        }

        check_count("days", surge.days, 1..=LONGEST_STEP, checker);
        if let Some(share) = surge.icu_share
            && !(0.0..=1.0).contains(&share)
        {
            let message = said!("{shown} is out of range", shown = shown(share));
            let fault = Fault::new(ProblemKind::Range, message);
            checker.fault("icu_share", fault.expected("a share from 0 to 1"));
        }
    }

    /// The network stays as it is: only a simulation shows more patients.
    fn apply<'s>(_surge: &'s Surge, _state: &mut State<'s>) -> Result<(), Refusal> {
        Ok(())
    }

    fn keys_mut(_surge: &mut Surge) -> Vec<(Refers, &mut String)> {
        Vec::new()
    }

    fn needs_network(_surge: &Surge) -> bool {
        false
    }
}

/// A mass-casualty incident (Massenanfall von Verletzten): its patients leave the scene evenly over
/// some time, red ones first, then yellow, then green. Red patients are only brought to hospitals that
/// are known to meet what major trauma asks for ([`Catalog::major_trauma`](crate::model::Catalog::major_trauma)).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Key of the place.
    pub place: String,
    /// Patients of triage category I: immediate treatment.
    #[serde(default)]
    pub red: u32,
    /// Patients of triage category II: urgent.
    #[serde(default)]
    pub yellow: u32,
    /// Patients of triage category III: less urgent.
    #[serde(default)]
    pub green: u32,
    /// Minutes from the start in which they leave the scene, 1 to 1,440.
    #[serde(default = "usual_minutes")]
    pub minutes: u32,
    /// How many of them a hospital takes in an hour.
    #[serde(default, skip_serializing_if = "is_default")]
    pub keys: AllocationKeys,
    /// What hospitals take once their alarm plans are at work; `None` for as many as in the first hour.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alarmed: Option<Alarmed>,
    /// Helicopters for red patients; `None` where all are brought by road.
    #[serde(default, skip_serializing_if = "is_default")]
    pub helicopters: Option<Helicopters>,
    /// Operating theatres that are free for them, and who needs one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub theatres: Theatres,
}

/// Operating theatres for the injured of an incident: how many are free for them, who needs one, and for how long.
///
/// Of the 27 patients who came seriously injured to the Royal London Hospital on 7 July 2005, 17 needed surgery: 63 %
/// ([Aylwin et al. 2006, The Lancet 368, 2219-2225](https://doi.org/10.1016/S0140-6736(06)69896-6)); that is taken for the red ones. All
/// else is an ASSUMPTION: 30 % of the yellow ones; one theatre with its team at the basic stage, two at the extended and
/// four at the comprehensive one, as the usual allocation keys double; 90 minutes from one patient to the next, for operations that are kept
/// short (damage control).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Theatres {
    /// Theatres that are free at once from the first arrival on, by emergency level: `Basic`, `Extended`,
    /// `Comprehensive`; 0 to 100 each.
    #[serde(serialize_with = "as_list")]
    pub open: [u32; 3],
    /// Per cent of the red patients who need an operation, 0 to 100.
    pub red_percent: u32,
    /// Per cent of the yellow patients who need an operation, 0 to 100.
    pub yellow_percent: u32,
    /// Minutes that an operation keeps a theatre busy, 1 to 1,440.
    pub minutes: u32,
}

impl Default for Theatres {
    fn default() -> Self {
        Self { open: [1, 2, 4], red_percent: 63, yellow_percent: 30, minutes: 90 }
    }
}

/// What hospitals take of an incident once their alarm plans are at work.
///
/// The federal association of medical directors of emergency services reckons with 10 patients of a trauma centre at once, and
/// with the double number in addition once the hospital's plan is activated ([BV-ÄLRD, register of hospitals](https://bv-aelrd.de/index.php/news/27-medizin/29-bundesweite-einfuehrung-eines-krankenhauskatasters-in-den-klinikalltag-und-bei-grossschadens-und-bedrohungslagen)):
/// `alarmed: (after_minutes: 60, percent: 300)`. When that is, it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alarmed {
    /// Minutes from the start of the incident, 0 to 1,440; the whole hours from there on count.
    pub after_minutes: u32,
    /// Per cent of the keys from then on, 100 to 1,000, rounded down to whole patients.
    pub percent: u32,
}

/// Helicopters that bring red patients of an incident to hospitals with a helipad, one patient a flight, while the catalog's
/// helicopters fly.
///
/// A patient flies who arrives earlier by the catalog's least gain (15 minutes) than by road to the first hospital that
/// takes the patient. Helicopters are at the scene when the catalog's time to get there is over; how long they take is the
/// great circle at their speed with start and landing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Helicopters {
    /// How many, 1 to 100.
    pub count: u32,
    /// Longest flight to a hospital in minutes, 1 to 240.
    #[serde(default = "usual_reach")]
    pub reach_minutes: u32,
    /// Minutes at the hospital from landing to the start back to the scene, 0 to 600.
    #[serde(default = "usual_turnaround")]
    pub turnaround_minutes: u32,
}

fn usual_reach() -> u32 {
    Helicopters::USUAL_REACH
}

fn usual_turnaround() -> u32 {
    Helicopters::USUAL_TURNAROUND
}

impl Helicopters {
    /// Minutes of the longest flight when a file says nothing (assumed).
    pub const USUAL_REACH: u32 = 30;

    /// Minutes at a hospital when a file says nothing (assumed).
    pub const USUAL_TURNAROUND: u32 = 20;
}

fn usual_minutes() -> u32 {
    Incident::USUAL_MINUTES
}

impl Incident {
    /// Minutes when a file says nothing.
    pub const USUAL_MINUTES: u32 = 60;

    /// Patients of all categories.
    pub fn patients(&self) -> u64 {
        u64::from(self.red) + u64::from(self.yellow) + u64::from(self.green)
    }
}

/// How many patients of an incident a hospital takes in an hour, by its emergency level: `Basic`,
/// `Extended`, `Comprehensive`. A hospital without a level takes none.
///
/// In files: `keys: (red: [2, 4, 8], yellow: [4, 8, 16], green: [8, 16, 32])`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct AllocationKeys {
    /// Red patients an hour, 0 to 1,000 each.
    #[serde(serialize_with = "as_list")]
    pub red: [u32; 3],
    /// Yellow patients an hour.
    #[serde(serialize_with = "as_list")]
    pub yellow: [u32; 3],
    /// Green patients an hour.
    #[serde(serialize_with = "as_list")]
    pub green: [u32; 3],
}

impl Default for AllocationKeys {
    /// An ASSUMPTION: 2 red, 4 yellow and 8 green patients an hour at the basic level, twice that at
    /// the extended and four times at the comprehensive one.
    ///
    /// The frameworks of the states fix such numbers site by site and rarely say how they were
    /// found. This is the upper end of a preset of 1 to 2, 2 to 4 and 4 to 8 patients.
    fn default() -> Self {
        Self { red: [2, 4, 8], yellow: [4, 8, 16], green: [8, 16, 32] }
    }
}

/// Files write three numbers as a list, as people do.
fn as_list<S: Serializer>(numbers: &[u32; 3], to: S) -> Result<S::Ok, S::Error> {
    numbers.as_slice().serialize(to)
}

/// Many injured people at one place.
pub(super) struct Injured;

impl Kind for Injured {
    type Terms = Incident;
    const WHY_WITHOUT_END: Option<&'static str> = Some("it happens once");
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Incident> {
        terms.fields(|fields| {
            Some(Incident {
                place: fields.text("place"),
                red: fields.count("red").unwrap_or(0),
                yellow: fields.count("yellow").unwrap_or(0),
                green: fields.count("green").unwrap_or(0),
                minutes: fields.count("minutes").unwrap_or(Incident::USUAL_MINUTES),
                keys: read_keys(fields),
                alarmed: read_alarmed(fields),
                helicopters: read_helicopters(fields),
                theatres: read_theatres(fields),
            })
        })
    }

    fn check(incident: &Incident, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_place("place", &incident.place, base, checker);
        let keys = &incident.keys;
        for (category, patients, takers) in [
            ("red", incident.red, keys.red),
            ("yellow", incident.yellow, keys.yellow),
            ("green", incident.green, keys.green),
        ] {
            check_count(category, patients, 0..=MOST_PATIENTS, checker);
            for (index, takes) in takers.into_iter().enumerate() {
                let path = format!("keys.{category}[{index}]");
                check_count(&path, takes, 0..=MOST_AN_HOUR, checker);
            }
            // They would wait at the scene for ever.
            if patients > 0 && takers == [0, 0, 0] {
                let message = said!(
                    "no hospital takes the {patients} {category} patients",
                    patients,
                    category
                );
                let fault = Fault::new(ProblemKind::Conflict, message);
                checker.fault(&format!("keys.{category}"), fault.expected("a number above 0"));
            }
        }
        if incident.patients() == 0 {
            let fault = Fault::new(ProblemKind::Range, "an incident without a patient");
            checker.fault("red", fault.expected("red, yellow or green patients"));
        }

        check_count("minutes", incident.minutes, 1..=LONGEST_INCIDENT, checker);
        if let Some(alarmed) = &incident.alarmed {
            let Alarmed { after_minutes, percent } = *alarmed;
            check_count("alarmed.after_minutes", after_minutes, 0..=LONGEST_INCIDENT, checker);
            check_count("alarmed.percent", percent, 100..=1000, checker);
        }
        if let Some(helicopters) = &incident.helicopters {
            let Helicopters { count, reach_minutes, turnaround_minutes } = *helicopters;
            check_count("helicopters.count", count, 1..=100, checker);
            check_count("helicopters.reach_minutes", reach_minutes, 1..=240, checker);
            check_count("helicopters.turnaround_minutes", turnaround_minutes, 0..=600, checker);
        }
        check_theatres(incident.theatres, checker);
        // The stay of the injured comes from that rate.
        if base.network.catalog().rate(OF_THE_INJURED).is_none() {
            let message = said!(
                "the injured lie in beds of {specialty}, of which the catalog has no rate with a stay: nobody would \
                 come",
                specialty = OF_THE_INJURED
            );
            let expected = said!(
                "a catalog with the specialty {specialty} and its rate",
                specialty = OF_THE_INJURED
            );
            checker.fault("", Fault::new(ProblemKind::Unknown, message).expected(&expected));
        }
    }

    /// The network stays as it is: only a simulation shows who is brought where.
    fn apply<'s>(_incident: &'s Incident, _state: &mut State<'s>) -> Result<(), Refusal> {
        Ok(())
    }

    fn keys_mut(incident: &mut Incident) -> Vec<(Refers, &mut String)> {
        vec![(Refers::Place, &mut incident.place)]
    }

    fn needs_network(_incident: &Incident) -> bool {
        false
    }
}

fn read_keys(fields: &mut Fields<'_, '_, '_>) -> AllocationKeys {
    let reader = &mut *fields.reader;
    let mut keys = AllocationKeys::default();
    let Some(mut lists) = fields.record.inner(reader, "keys") else { return keys };
    for (category, key) in
        [("red", &mut keys.red), ("yellow", &mut keys.yellow), ("green", &mut keys.green)]
    {
        read_levels(&mut lists, reader, category, key);
    }
    lists.finish(reader);
    keys
}

/// Three numbers of a list, one for each emergency level; what is not there stays.
fn read_levels<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
    name: &str,
    levels: &mut [u32; 3],
) {
    // A list with a wrong number was told by that number: its length says nothing then.
    let faults = reader.problems.count();
    let numbers: Vec<u32> = record.values(reader, name, "a whole number");
    match <[u32; 3]>::try_from(numbers.as_slice()) {
        Ok(numbers) => *levels = numbers,
        Err(_) if !record.has(name) || reader.problems.count() > faults => {}
        Err(_) => {
            let message = format!("{} numbers", numbers.len());
            let fault = Fault::new(ProblemKind::Columns, message)
                .expected("three: for Basic, Extended and Comprehensive");
            record.report(reader, name, fault);
        }
    }
}

/// A whole number of a record that must be there.
fn needed<'s>(record: &mut Record<'s>, reader: &mut Reader<'s>, name: &str) -> Option<u32> {
    if !record.has(name) {
        record.missing(reader, name, "a whole number from 0");
    }
    record.count(reader, name)
}

fn read_alarmed(fields: &mut Fields<'_, '_, '_>) -> Option<Alarmed> {
    let reader = &mut *fields.reader;
    let mut record = fields.record.inner(reader, "alarmed")?;
    // Neither has a usual value: nobody published when.
    let after_minutes = needed(&mut record, reader, "after_minutes");
    let percent = needed(&mut record, reader, "percent");
    record.finish(reader);
    Some(Alarmed { after_minutes: after_minutes?, percent: percent? })
}

fn read_helicopters(fields: &mut Fields<'_, '_, '_>) -> Option<Helicopters> {
    let reader = &mut *fields.reader;
    let mut record = fields.record.inner(reader, "helicopters")?;
    let count = needed(&mut record, reader, "count");
    let reach = record.count(reader, "reach_minutes");
    let turnaround = record.count(reader, "turnaround_minutes");
    record.finish(reader);
    Some(Helicopters {
        count: count?,
        reach_minutes: reach.unwrap_or(Helicopters::USUAL_REACH),
        turnaround_minutes: turnaround.unwrap_or(Helicopters::USUAL_TURNAROUND),
    })
}

fn read_theatres(fields: &mut Fields<'_, '_, '_>) -> Theatres {
    let reader = &mut *fields.reader;
    let mut theatres = Theatres::default();
    let Some(mut record) = fields.record.inner(reader, "theatres") else { return theatres };
    read_levels(&mut record, reader, "open", &mut theatres.open);
    for (name, value) in [
        ("red_percent", &mut theatres.red_percent),
        ("yellow_percent", &mut theatres.yellow_percent),
        ("minutes", &mut theatres.minutes),
    ] {
        *value = record.count(reader, name).unwrap_or(*value);
    }
    record.finish(reader);
    theatres
}

fn check_theatres(theatres: Theatres, checker: &mut Checker<'_>) {
    let Theatres { open, red_percent, yellow_percent, minutes } = theatres;
    for (index, open) in open.into_iter().enumerate() {
        check_count(&format!("theatres.open[{index}]"), open, 0..=100, checker);
    }
    check_count("theatres.red_percent", red_percent, 0..=100, checker);
    check_count("theatres.yellow_percent", yellow_percent, 0..=100, checker);
    check_count("theatres.minutes", minutes, 1..=LONGEST_INCIDENT, checker);
}

fn check_count(path: &str, count: u32, range: RangeInclusive<u32>, checker: &mut Checker<'_>) {
    if !range.contains(&count) {
        let fault = Fault::new(ProblemKind::Range, said!("{count} is out of range", count));
        checker.fault(
            path,
            fault.expected(said!(
                "a whole number from {start} to {end}",
                start = range.start(),
                end = range.end()
            )),
        );
    }
}
