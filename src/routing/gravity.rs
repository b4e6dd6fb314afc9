//! What attracts patients: weights of departments, and how they fall with the journey.
//!
//! The Huff model and the multinomial logit differ in what a weight is made of, not in how shares follow from it.

use super::choice::{Choice, Decay, Logit};
use super::streams::CaseStream;
use crate::model::{EmergencyLevel, Hospital, Network, Ownership};
use crate::region::Region;
use crate::stats::median;

/// The specialty of intensive care units.
const INTENSIVE_CARE: &str = "intensive_care";

/// How strongly the intensive care of a hospital without an emergency stage, or with the basic or lowest one, draws
/// patients beside one of a higher stage, of as many beds and as near: the rest of the critically ill lie in larger
/// houses' units. Fitted to the occupied beds by district of the DIVI-Intensivregister; see
/// [`Settings::small_icu_draw`](crate::simulation::Settings::small_icu_draw), whose default it is.
pub const SMALL_ICU_DRAW: f64 = 0.6;

/// How strongly the intensive care of a hospital draws patients: 1 from the extended emergency stage on, else
/// that of the small units.
pub(crate) fn draw_of_unit(hospital: &Hospital, small_icu_draw: f64) -> f64 {
    match hospital.emergency_level {
        Some(EmergencyLevel::Extended | EmergencyLevel::Comprehensive) => 1.0,
        None | Some(EmergencyLevel::Minimum | EmergencyLevel::Basic) => small_icu_draw,
    }
}

/// Shares in proportion to weights of hospitals.
#[derive(Debug, Clone)]
pub(super) struct Gravity {
    beds_exponent: f64,
    /// The decay for every whole second up to the cut-off.
    by_second: Vec<f64>,
    /// What the weight of the nearest hospital gains, as a share of it; `None` where it gains nothing.
    nearest_gain: Option<f64>,
    /// What else a logit knows of a hospital.
    logit: Option<Logit>,
    small_icu_draw: f64,
}

impl Gravity {
    /// Of a choice by weights; `None` where the nearest, or the nearest with a free bed, is chosen.
    pub(super) fn new(region: &Region, choice: Choice) -> Option<Self> {
        let (beds_exponent, decay, logit) = match choice {
            Choice::Nearest | Choice::Capacity(_) => return None,
            Choice::Huff(huff) => (huff.beds_exponent, huff.decay, None),
            Choice::Logit(logit) => {
                let decay = Decay::Exponential { per_minute: logit.per_minute };
                (logit.log_beds, decay, Some(logit))
            }
        };
        // Every journey takes whole seconds: a table spares the exponential of each.
        let mut by_second = Vec::new();
        for second in 0..=region.times().cutoff().0 {
            by_second.push(decay.at(f64::from(second) / 60.0));
        }
        // As a share of the weight: exactly nothing where the utility is 0.
        let nearest_gain = logit.map(|logit| logit.nearest.exp_m1());
        Some(Self { beds_exponent, by_second, nearest_gain, logit, small_icu_draw: SMALL_ICU_DRAW })
    }

    /// Weights with another draw of small intensive care units.
    pub(super) fn small_icu_draw(mut self, draw: f64) -> Self {
        self.small_icu_draw = draw;
        self
    }

    /// The weight left after a journey, as a share.
    pub(super) fn decay(&self, second: u16) -> f64 {
        self.by_second[usize::from(second)]
    }

    /// What the weight of the nearest hospital gains, as a share of it.
    pub(super) fn nearest_gain(&self) -> Option<f64> {
        self.nearest_gain
    }

    /// The weight of each site of a stream before the journey: (beds / most beds)^a, never too large for a
    /// number, times what a logit knows of the hospital, times the draw of intensive care. Unknown beds
    /// count as the median of the known ones above 0.
    pub(super) fn attraction(&self, network: &Network, stream: &CaseStream<'_>) -> Vec<f64> {
        let mut known_beds = Vec::with_capacity(stream.sites.len());
        for site in &stream.sites {
            known_beds.extend(site.beds.filter(|beds| *beds > 0.0));
        }
        let median = median(&known_beds).unwrap_or(1.0);
        // Beds over the most beds: a power of large numbers stays a number.
        let mut most = median;
        for beds in known_beds {
            most = most.max(beds);
        }

        let is_intensive = stream.cases.key == INTENSIVE_CARE;
        let mut attraction = Vec::with_capacity(stream.sites.len());
        for site in &stream.sites {
            let beds = site.beds.unwrap_or(median);
            // To the power of 0 even no beds would be one: a department without beds draws nobody.
            if beds <= 0.0 {
                attraction.push(0.0);
                continue;
            }
            let hospital = &network[site.hospital];
            let draw = if is_intensive { draw_of_unit(hospital, self.small_icu_draw) } else { 1.0 };
            let known = match &self.logit {
                Some(logit) => utility_of(hospital, logit).exp(),
                None => 1.0,
            };
            attraction.push((beds / most).powf(self.beds_exponent) * known * draw);
        }
        attraction
    }
}

/// What the operator and the emergency stage of a hospital add to its utility.
fn utility_of(hospital: &Hospital, logit: &Logit) -> f64 {
    let operator = match hospital.ownership {
        Ownership::Private => logit.private,
        Ownership::NonProfit => logit.non_profit,
        // What the others are compared with.
        Ownership::Public | Ownership::University => 0.0,
    };
    let stage = match hospital.emergency_level {
        None => 0.0,
        Some(EmergencyLevel::Minimum | EmergencyLevel::Basic) => 1.0,
        Some(EmergencyLevel::Extended) => 2.0,
        Some(EmergencyLevel::Comprehensive) => 3.0,
    };
    operator + logit.stage * stage
}
