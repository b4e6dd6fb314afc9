//! What a simulation takes for granted: every value with where it comes from.

use serde::{Deserialize, Serialize};

use super::outliers::Outliers;
use super::rhythm::Rhythm;
use super::{Census, Stays};
use crate::calendar::Hours;
use crate::routing::{Choice, Huff, SMALL_ICU_DRAW};

/// What happens to somebody who needs intensive care no longer while the ward is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepDown {
    /// The ward puts up another bed; counted as forced.
    Forced,
    /// The patient keeps the place in intensive care until the ward has a bed.
    Waits,
}

/// Which of the hospitals nearby a patient is offered to first when the first choice is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextHospital {
    /// The nearest one.
    Nearest,
    /// The one with the largest share of free beds in the ward, as where a regional table of free beds is looked at; of
    /// equal ones the nearest. Patients of care pathways are still brought where their next fastest route ends.
    LeastFull,
}

/// How hospitals work and how patients come, where networks say nothing of it.
///
/// Most of it nobody published for the region: [`Settings::assumed`] lists it, and every report
/// prints the list. Each field says its unit and range; what is out of range is an error of
/// [`PatientFlow::new`](super::PatientFlow::new) that names it, and [`Settings::check`] tells it before.
///
/// Written and read with the names of the fields; what is left out has its default, and an unknown name is a fault.
///
/// The cost of a run grows with `days` and `warm_up_days` alike: a year of Leipzig / Nordwestsachsen takes 0.2 s of
/// one core. What a network says of its own (shares of staff, hours of departments) goes before these settings.
///
/// ```
/// use verbund::simulation::Settings;
///
/// // A quarter of a year in which nurses are ill.
/// let settings = Settings::default().days(90).staffed_share(0.9);
/// let told = settings.assumed();
/// assert!(told.contains(&("staffed beds: 90.0 %".to_owned(), "assumed".to_owned())));
///
/// let written = serde_json::to_string(&settings)?;
/// let read: Settings = serde_json::from_str(&written)?;
/// assert_eq!(read, settings);
/// let short: Settings = serde_json::from_str(r#"{"days": 90, "staffed_share": 0.9}"#)?;
/// assert_eq!(short, settings);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// Days that are counted, from the region's day on; 1 to 36,500.
    pub days: u32,
    /// Days before them, that are not counted; 0 to 36,500.
    pub warm_up_days: u32,
    /// Whether hospitals start about as full as their patients make them, else empty.
    pub starts_full: bool,
    /// How patients choose a hospital, but for those of care pathways.
    pub choice: Choice,
    /// Factor on the cases of every place, 0.000001 to 1,000.
    pub rate_factor: f64,
    /// Factor on every stay, 0.000001 to 1,000.
    pub stay_factor: f64,
    /// Coefficient of variation of stays (lognormal), 0 to 100.
    pub stay_cv: f64,
    /// Share of beds that are staffed on average, above 0.1, at most 1.
    pub staffed_share: f64,
    /// Coefficient of variation, from week to week, of the share that is not, 0 to 10.
    pub absence_cv: f64,
    /// Hours from a discharge until the bed can be used again, 0 to 1,000.
    pub turnaround_hours: f64,
    /// Relative arrivals of emergencies by hour of the day, 0 or more, not all of them 0.
    pub emergency_hours: [f64; 24],
    /// Hours of the week in which elective patients come, as many in each; at least one. By default Monday to Thursday from
    /// 7 to 15, Friday from 7 to 12 and Sunday from 14 to 17 (assumed): who is operated on on Monday comes the day before, and
    /// few come before the weekend. How near the days come to published ones stands in [`Rhythm::discharge_days`].
    pub elective_hours: Hours,
    /// Relative arrivals of emergencies by month, 0 or more, not all of them 0.
    pub emergency_months: [f64; 12],
    /// Days of work of a ward that its waiting list may hold, 0 to 10,000; patients who find it longer ask the next hospital.
    pub waiting_list_days: f64,
    /// Days after which an elective patient who waits for a bed gives up, 0 to 10,000; 0 for nobody, which is the default,
    /// as nobody published it. Those who start in intensive care wait on.
    pub elective_patience_days: f64,
    /// Share of those who gave up that gets another date, 0 to 1; all by default (assumed). They ask for the same ward
    /// again, and may give up again; where its waiting list is full, they are refused.
    pub rebooked_share: f64,
    /// Days until then, 0 to 10,000. By default 28: within these, NHS England has a cancelled patient offered a new date.
    pub rebooked_after_days: f64,
    /// Keys of specialties whose patients are never elective, whatever their emergency share is.
    pub unplanned: Vec<String>,
    /// Bed days of intensive care a year per 1,000 people, all ways into it; 0 to 100,000.
    pub icu_days_per_1000: f64,
    /// Mean days in intensive care, 0.001 to 1,000.
    pub icu_stay_days: f64,
    /// Keys of specialties whose patients need none.
    pub without_icu: Vec<String>,
    /// How strongly the intensive care unit of a hospital without an emergency stage, or with the basic or lowest one,
    /// draws patients beside one of a higher stage with as many cases; 0.01 to 1. The critically ill of small
    /// houses lie in larger ones' units for the rest; how many need intensive care stays the same.
    ///
    /// 0.6 is the tenth that came nearest to the DIVI-Intensivregister's occupied share of beds by district (2021), by the
    /// load of all expected cases. Simulated, two years each:
    ///
    /// | district | register | with 1 | with 0.6 |
    /// |---|---|---|---|
    /// | Leipzig | 83 % of 336 beds (23 June) | 80 % of 192 | 80 % |
    /// | Landkreis Leipzig | 90 % of 58 (2 October) | 78 % of 45 | 80 % |
    /// | Nordsachsen | 52 % of 60 (11 June) | 60 % of 41 | 55 % |
    ///
    /// Torgau's unit comes to 79 instead of 85 %, Eilenburg's to 80 instead of 82 %: what full units send on fills them
    /// again, and beds put up for the pandemic (five in Eilenburg) are not theirs here. No rule by stage meets all
    /// three: the small units of the Landkreis Leipzig were fuller than those of Nordsachsen, and the register counts more beds than the hospital directory does, in
    /// a year with beds put up for the pandemic. All of Saxony: 637 of 791 beds (81 %, 22 August 2026).
    pub small_icu_draw: f64,
    /// Beds of intensive care per bed of all hospitals of the network, 0 to 1. What the units with a known number
    /// leave of them, the others share by the beds of their hospitals: each has at least what its
    /// emergency level asks for, and at most a quarter of its hospital's beds.
    pub icu_bed_share: f64,
    /// When patients come and go: discharges, seasons, holidays, weekends.
    pub rhythm: Rhythm,
    /// Wards of one hospital that help each other.
    pub outliers: Outliers,
    /// What happens behind intensive care while the ward is full, and no other ward of the house takes the patient.
    pub step_down: StepDown,
    /// Occupancy that beds of a department with an unknown number are laid out for, 0.01 to 1.
    pub unknown_beds_occupancy: f64,
    /// Hospitals that a patient is offered to when the first choice is full, the nearest first; at most 1,000, and
    /// 0 counts as 1.
    pub alternatives: usize,
    /// Which of these comes first.
    pub next_hospital: NextHospital,
    /// Share of emergencies that a hospital with a transfer agreement in the specialty hands on, 0 to 1.
    pub transfer_share: f64,
    /// Share of these who come back, 0 to 1.
    pub back_transfer_share: f64,
    /// Key of the specialty in whose beds a pathway's patients lie at a hospital without a department for
    /// them, where an expert helps from afar; they are not brought to a hospital that lacks this too.
    pub telemedicine_ward: String,
    /// Hours that an admission keeps a shared on-call roster busy, the journey between its sites aside; 0.001 to 1,000.
    pub on_call_hours: f64,
    /// Hours in which shared rosters work.
    pub on_call: Hours,
    /// Share of the green patients of an incident who stay in hospital, 0 to 1.
    pub green_admitted: f64,
    /// More places than this are put together by their nearest hospital; 1 to 1,000,000.
    pub most_places: usize,
    /// Who lies in which ward when the run starts, as somebody counted it; `None` for what is expected. The run then
    /// starts with that day, without days before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub census: Option<Census>,
    /// How long patients stay where somebody knows it, in the place of the catalog's stays and of `stay_cv`; `None` for
    /// nowhere. `stay_factor` counts on top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stays: Option<Stays>,
}

/// Arrivals of emergencies by hour of the day, in per cent: low at night, most around noon.
const EMERGENCY_HOURS: [f64; 24] = [
    2.2, 1.9, 1.7, 1.6, 1.6, 1.8, 2.4, 3.4, 4.9, 6.2, 6.8, 6.8, 6.3, 5.9, 5.7, 5.6, 5.5, 5.4, 5.3,
    5.0, 4.6, 4.0, 3.2, 2.6,
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            days: 365,
            warm_up_days: 28,
            starts_full: true,
            choice: Choice::Huff(Huff::default()),
            rate_factor: 1.0,
            stay_factor: 1.0,
            stay_cv: 1.0,
            staffed_share: 0.95,
            absence_cv: 0.25,
            turnaround_hours: 2.0,
            emergency_hours: EMERGENCY_HOURS,
            elective_hours: Hours::of(|hour| match hour.day() {
                0..4 => (7..15).contains(&hour.hour()),
                4 => (7..12).contains(&hour.hour()),
                6 => (14..17).contains(&hour.hour()),
                _ => false,
            }),
            emergency_months: [1.0; 12],
            waiting_list_days: 14.0,
            elective_patience_days: 0.0,
            rebooked_share: 1.0,
            rebooked_after_days: 28.0,
            unplanned: vec!["obstetrics".into()],
            icu_days_per_1000: 26_000.0 * 0.687 * 365.0 / 83_500.0,
            icu_stay_days: 4.0,
            without_icu: ["psychiatry", "child_adolescent_psychiatry", "psychosomatic_medicine"]
                .map(str::to_owned)
                .to_vec(),
            small_icu_draw: SMALL_ICU_DRAW,
            icu_bed_share: 26_000.0 / 472_900.0,
            rhythm: Rhythm::default(),
            outliers: Outliers::default(),
            step_down: StepDown::Forced,
            unknown_beds_occupancy: 0.85,
            alternatives: 6,
            next_hospital: NextHospital::Nearest,
            transfer_share: 0.041,
            back_transfer_share: 0.5,
            telemedicine_ward: "internal_medicine".into(),
            on_call_hours: 2.0,
            on_call: Hours::of(|hour| hour.day() >= 5 || !(8..18).contains(&hour.hour())),
            green_admitted: 0.1,
            most_places: 3000,
            census: None,
            stays: None,
        }
    }
}

/// A setter for each field, which has its name.
macro_rules! setters {
    ($($field:ident: $kind:ty,)*) => {
        impl Settings {
            $(
                #[doc = concat!("Sets what the field `", stringify!($field), "` says.")]
                #[must_use]
                pub fn $field(mut self, $field: $kind) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}

// By a macro: thirty functions of three lines each would hide the few that do something.
setters! {
    days: u32,
    warm_up_days: u32,
    starts_full: bool,
    choice: Choice,
    rate_factor: f64,
    stay_factor: f64,
    stay_cv: f64,
    staffed_share: f64,
    absence_cv: f64,
    turnaround_hours: f64,
    emergency_hours: [f64; 24],
    elective_hours: Hours,
    emergency_months: [f64; 12],
    waiting_list_days: f64,
    elective_patience_days: f64,
    rebooked_share: f64,
    rebooked_after_days: f64,
    unplanned: Vec<String>,
    icu_days_per_1000: f64,
    icu_stay_days: f64,
    without_icu: Vec<String>,
    small_icu_draw: f64,
    icu_bed_share: f64,
    rhythm: Rhythm,
    outliers: Outliers,
    step_down: StepDown,
    unknown_beds_occupancy: f64,
    alternatives: usize,
    next_hospital: NextHospital,
    transfer_share: f64,
    back_transfer_share: f64,
    telemedicine_ward: String,
    on_call_hours: f64,
    on_call: Hours,
    green_admitted: f64,
    most_places: usize,
    census: Option<Census>,
    stays: Option<Stays>,
}
