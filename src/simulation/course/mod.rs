//! What a scenario changes in time: by hospital, day and hour, with the worst day and the recovery.

mod sums;

use serde::Serialize;

use super::spans::DAY;
use super::{FlowIndex, Results};
use crate::calendar::DateTime;
use crate::model::HospitalId;
use crate::stats::{Interval, student_t};

pub(super) use sums::CourseSums;
use sums::{StepSums, Sums};

/// Length of a step of a [`Course`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CourseStep {
    /// Days, from the day on which the first change begins.
    Day,
    /// Hours, from the one in which the first incident happens to 72 hours behind its last patient, two weeks at most.
    Hour,
}

/// A mean over the replications without and with the scenario; both saw the same patients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct WithAndWithout {
    /// As the network is.
    pub base: f64,
    /// With the scenario.
    pub scenario: f64,
}

impl WithAndWithout {
    /// How much more it is with the scenario.
    pub fn more(self) -> f64 {
        self.scenario - self.base
    }
}

/// A hospital, or all inside, in a day or an hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoursePoint {
    /// When the day or the hour begins.
    pub begins: DateTime,
    /// Occupied beds at its end.
    pub occupied: WithAndWithout,
    /// The difference of occupied beds with its 95 % interval over the replications, paired.
    pub difference: Interval,
    /// Patients whose first choice it is and who were let in elsewhere or nowhere.
    pub sent_on: WithAndWithout,
    /// Patients who were laid in another ward of the house because theirs was full.
    pub beside: WithAndWithout,
    /// Patients who were let in without a free bed.
    pub forced: WithAndWithout,
}

impl CoursePoint {
    /// Whether the difference is more than chance: its 95 % interval excludes 0. `None` with one replication, which
    /// says nothing about chance.
    pub fn is_sure(&self) -> Option<bool> {
        self.difference.half_width?;
        Some(!self.difference.contains(0.0))
    }
}

/// When a hospital is as it would have been without the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Recovery {
    /// No day or hour differs by more than chance.
    Undisturbed,
    /// From this day or hour on.
    From(DateTime),
    /// Not within the steps that are told.
    NotYet,
    /// A change stays, and nothing is to recover from.
    Stays,
    /// One replication says nothing about chance.
    Unknown,
}

/// What a scenario changes at a hospital, or at all inside, from its first change on.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::run::Control;
/// use verbund::scenario::Scenario;
/// use verbund::simulation::{
///     CourseStep, FlowIndex, PatientFlow, RunPlan, Settings, simulate,
/// };
///
/// let region = Region::leipzig()?;
/// let closure = r#"Scenario(format: 1, id: "closed", name: "Closed", source: "invented", changes: [
///     (on: "2026-01-10", until: "2026-01-20", reason: "water damage",
///      change: CloseDepartment(hospital: "kkh-torgau", specialty: "internal_medicine")),
/// ])"#;
/// let scenario = Scenario::read(closure, "closed.ron", region.network(), region.places())?;
/// let settings = Settings::default().days(60);
/// let flows = [
///     PatientFlow::new(&region, &settings, None)?,
///     PatientFlow::new(&region, &settings, Some(&scenario))?,
/// ];
/// let plan = RunPlan { replications: 5, ..RunPlan::default() };
/// let results = simulate(&flows, plan, &Control::default());
/// let torgau = region.find_hospital("kkh-torgau")?;
/// let course = results.course(FlowIndex(1), Some(torgau), CourseStep::Day).ok_or("no course")?;
/// // From 10 January to the end of February.
/// assert_eq!(course.points.len(), 51);
/// let worst = course.worst().ok_or("nothing differs")?;
/// assert!(worst.difference.mean < -10.0 && worst.begins <= "2026-01-20".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Course {
    /// Length of a step.
    pub step: CourseStep,
    /// The steps, in order.
    pub points: Vec<CoursePoint>,
    /// When the last change of the scenario ends; `None` where one stays.
    pub changes_end: Option<DateTime>,
}

/// So many steps in a row without a sure difference are a recovery: of each alone, one in twenty differs by chance.
const IN_A_ROW: usize = 7;

impl Course {
    /// The step with the largest sure difference of occupied beds before the recovery, of equal ones the first; `None`
    /// where none is sure.
    pub fn worst(&self) -> Option<&CoursePoint> {
        // Behind the recovery, one day in twenty differs by chance, and is no day of the change.
        let recovered = match self.recovery() {
            Recovery::From(recovered) => Some(recovered),
            _ => None,
        };
        let mut worst: Option<&CoursePoint> = None;
        for point in &self.points {
            if recovered.is_some_and(|recovered| point.begins >= recovered) {
                break;
            }
            if point.is_sure() != Some(true) {
                // The largest of many differences by chance would be told as the worst day otherwise.
                continue;
            }
            let size = |point: &CoursePoint| point.difference.mean.abs();
            if worst.is_none_or(|worst| size(point) > size(worst)) {
                worst = Some(point);
            }
        }
        worst
    }

    /// The first step, from the end of the last change on, from which seven in a row have 0 within the 95 % interval of
    /// the difference of occupied beds.
    pub fn recovery(&self) -> Recovery {
        let mut has_any = false;
        for point in &self.points {
            match point.is_sure() {
                None => return Recovery::Unknown,
                Some(is_sure) => has_any |= is_sure,
            }
        }
        if !has_any {
            return Recovery::Undisturbed;
        }
        let Some(end) = self.changes_end else { return Recovery::Stays };
        // One quiet day may be chance, and before the end of the change it is no recovery.
        let mut quiet = 0;
        for (number, point) in self.points.iter().enumerate() {
            let is_quiet = point.begins >= end && point.is_sure() == Some(false);
            quiet = if is_quiet { quiet + 1 } else { 0 };
            if quiet == IN_A_ROW {
                return Recovery::From(self.points[number + 1 - IN_A_ROW].begins);
            }
        }
        Recovery::NotYet
    }

    /// A count summed up over all steps.
    pub fn sum(&self, count: impl Fn(&CoursePoint) -> WithAndWithout) -> WithAndWithout {
        let mut sum = WithAndWithout::default();
        for point in &self.points {
            let WithAndWithout { base, scenario } = count(point);
            sum.base += base;
            sum.scenario += scenario;
        }
        sum
    }
}

impl Results<'_, '_> {
    /// What a scenario changes at a hospital, or at all inside (`None`), by day or hour from its first change on; beds are
    /// told at the end of each step. A step of days is told for 1,000 days at most.
    ///
    /// `None` for the base, where no change of any scenario begins within the days that are counted, without an incident for
    /// hours, and where a scenario has other wards than the base.
    ///
    /// # Panics
    ///
    /// When there is no such flow, or the hospital is of another network.
    pub fn course(
        &self,
        flow: FlowIndex,
        hospital: Option<HospitalId>,
        step: CourseStep,
    ) -> Option<Course> {
        let network = self.flow(flow).region().network();
        assert!(
            hospital.is_none_or(|id| network.hospital(id).is_some()),
            "the hospital is of another network"
        );
        let position = hospital.map_or(network.hospitals().len(), HospitalId::index);
        let sums: &StepSums = match step {
            CourseStep::Day => &self.courses().days,
            CourseStep::Hour => &self.courses().hours,
        };
        let steps = sums.by_scenario.get(flow.0.checked_sub(1)?)?;
        if steps.is_empty() {
            return None;
        }
        // Once for all steps: looking the quantile up costs more than all else.
        let t = student_t(self.replications().saturating_sub(1).max(1) as f64);
        let mut points = Vec::with_capacity(steps.len());
        for (hospitals, begins) in steps.iter().zip(&sums.hours) {
            let begins = self.moment_at(*begins)?;
            points.push(self.point(begins, &hospitals[position], t));
        }
        Some(Course { step, points, changes_end: self.changes_end(flow) })
    }

    fn point(&self, begins: DateTime, sums: &Sums, t: f64) -> CoursePoint {
        let count = self.replications();
        let mean = |[base, scenario]: [f64; 2]| WithAndWithout {
            base: base / count as f64,
            scenario: scenario / count as f64,
        };
        CoursePoint {
            begins,
            occupied: mean(sums.occupied),
            difference: interval(sums, count, t),
            sent_on: mean(sums.sent_on),
            beside: mean(sums.beside),
            forced: mean(sums.forced),
        }
    }

    /// The moment at so many hours of the run; `None` beyond the calendar.
    fn moment_at(&self, hours: u32) -> Option<DateTime> {
        let base = self.flow(FlowIndex::BASE);
        let counted = hours - base.settings().warm_up_days.saturating_mul(24).min(hours);
        let date = base.starts().date().plus_days(counted / 24)?;
        DateTime::new(date, (counted % 24 * 60) as u16)
    }

    /// When the last change of a scenario ends; `None` where one stays, or ends beyond the calendar.
    fn changes_end(&self, flow: FlowIndex) -> Option<DateTime> {
        let flow = self.flow(flow);
        let mut last: Option<DateTime> = None;
        // Of several changes the one that ends last, and none where one stays.
        for span in flow.spans() {
            let minutes = i64::from(span.begins.minute()) + span.minutes?;
            let days = u32::try_from(minutes.div_euclid(DAY)).ok()?;
            let date = span.begins.date().plus_days(days)?;
            last = last.max(DateTime::new(date, minutes.rem_euclid(DAY) as u16));
        }
        last
    }
}

/// The interval of the differences, which are whole numbers, so that no digit is lost in the sum of their squares.
fn interval(sums: &Sums, count: usize, t: f64) -> Interval {
    let mean = sums.difference / count as f64;
    let half_width = (count > 1).then(|| {
        // Rounding may leave a sum of squares just below zero where all differences are equal.
        let squares = (sums.squares - sums.difference * mean).max(0.0);
        t * (squares / (count - 1) as f64 / count as f64).sqrt()
    });
    Interval { mean, half_width, count }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: u32, mean: f64, half_width: f64) -> CoursePoint {
        let first = "2026-01-01".parse::<DateTime>().unwrap();
        let date = first.date().plus_days(day).unwrap();
        CoursePoint {
            begins: DateTime::new(date, 0).unwrap(),
            occupied: WithAndWithout { base: 10.0, scenario: 10.0 + mean },
            difference: Interval { mean, half_width: Some(half_width), count: 5 },
            sent_on: WithAndWithout { base: 1.0, scenario: 3.0 },
            beside: WithAndWithout::default(),
            forced: WithAndWithout::default(),
        }
    }

    fn course(differences: &[f64], end: Option<&str>) -> Course {
        let mut points = Vec::new();
        for (day, mean) in (0..).zip(differences) {
            points.push(point(day, *mean, 1.0));
        }
        let changes_end = end.map(|end| end.parse().unwrap());
        Course { step: CourseStep::Day, points, changes_end }
    }

    #[test]
    fn recovery_is_the_first_of_seven_quiet_days_behind_the_end() {
        // Quiet from the second day on, but the change ends on the 4th; the 7th is loud again.
        let differences = [5.0, 0.5, 0.0, 0.0, 0.0, 0.0, -2.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0];
        let told = course(&differences, Some("2026-01-04"));
        assert_eq!(told.recovery(), Recovery::From("2026-01-08".parse().unwrap()));
        assert_eq!(told.worst().unwrap().difference.mean, 5.0);
        assert_eq!(told.sum(|point| point.sent_on).more(), 28.0);
        // A loud day behind the recovery is chance, however loud it is.
        let mut late = differences.to_vec();
        late.push(-9.0);
        let late = course(&late, Some("2026-01-04"));
        assert_eq!(late.recovery(), told.recovery());
        assert_eq!(late.worst().unwrap().difference.mean, 5.0);
        // One day fewer, and only six are quiet.
        let shorter = course(&differences[..13], Some("2026-01-04"));
        assert_eq!(shorter.recovery(), Recovery::NotYet);
        assert_eq!(course(&differences, None).recovery(), Recovery::Stays);
        assert_eq!(course(&[0.5; 9], None).recovery(), Recovery::Undisturbed);
        assert_eq!(course(&[0.5; 9], None).worst(), None);
    }

    #[test]
    fn the_interval_is_that_of_the_differences() {
        let differences = [3.0, -1.0, 4.0, 2.0];
        let mut sums = Sums::default();
        for difference in differences {
            sums.difference += difference;
            sums.squares += difference * difference;
        }
        let told = interval(&sums, 4, student_t(3.0));
        let expected = Interval::of(&differences).unwrap();
        assert_eq!(told.mean, expected.mean);
        assert!((told.half_width.unwrap() - expected.half_width.unwrap()).abs() < 1e-12);
    }
}
