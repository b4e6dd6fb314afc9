//! What a choice sends to a few hospitals, asked for again and again by a fit.
//!
//! A fit asks some hundred times for the cases of a dozen hospitals. Here their departments are looked up once, a
//! specialty weighs only the hospitals that treat it, and cases are added up only where somebody asks for them.
//! The sums are those of [`Flows`] to the last bit: the same products, added in the same order.

use std::ops::Range;

use crate::demand::Cases;
use crate::model::HospitalId;
use crate::region::{PlaceId, Region};
use crate::routing::choice::{Choice, ChoiceError};
use crate::routing::flows::{FlowSettings, Flows, HospitalLoad};
use crate::routing::gravity::Gravity;
use crate::routing::split::pieces;
use crate::routing::streams::CaseStreams;

/// Marks that no hospital draws a stream yet.
const NOBODY: u32 = u32::MAX;

/// A hospital treats a stream: a specialty or tracer condition.
#[derive(Clone, Copy)]
struct Treats {
    stream: usize,
    /// Position of the hospital among the stream's sites.
    site: usize,
    /// Position of the department in the list of slots.
    slot: usize,
}

/// Predicts the cases of some hospitals for one choice after the other.
pub(super) struct Predictor<'r> {
    region: &'r Region,
    places: Vec<PlaceId>,
    /// The one specialty or condition; `None` for every specialty.
    only: Option<&'r Cases>,
    streams: CaseStreams<'r>,
    /// What each hospital treats, in the order of ids, then of streams.
    treats: Vec<Treats>,
    /// By hospital: where it starts in `treats`; one entry more than hospitals.
    starts: Vec<usize>,
    asked: Vec<HospitalId>,
    /// By hospital: whether it is asked for.
    is_asked: Vec<bool>,
}

impl<'r> Predictor<'r> {
    /// For some hospitals of a region, and the cases of one specialty or condition or of every specialty.
    pub(super) fn new(region: &'r Region, only: Option<&'r Cases>, asked: Vec<HospitalId>) -> Self {
        let hospitals = region.network().hospitals().len();
        let streams = CaseStreams::of_region(region, only, &[]);
        let mut of_hospital: Vec<Vec<Treats>> = vec![Vec::new(); hospitals];
        for (stream, departments) in streams.streams.iter().enumerate() {
            for (site, department) in departments.sites.iter().enumerate() {
                let treats = Treats { stream, site, slot: department.slot };
                of_hospital[department.hospital.index()].push(treats);
            }
        }
        let mut starts = vec![0];
        let mut treats = Vec::new();
        for list in of_hospital {
            treats.extend(list);
            starts.push(treats.len());
        }

        let mut is_asked = vec![false; hospitals];
        for id in &asked {
            is_asked[id.index()] = true;
        }
        let places = region.place_ids().collect();
        Self { region, places, only, streams, treats, starts, asked, is_asked }
    }

    /// The cases of a year at each hospital that is asked for, and those from beyond the places; beds and bed
    /// days stay 0.
    pub(super) fn predict(&self, choice: Choice) -> Result<Vec<HospitalLoad>, ChoiceError> {
        choice.check()?;
        let Some(gravity) = Gravity::new(self.region, choice) else {
            // The nearest, or the nearest with a free bed: nobody fits these, so that they may take their time.
            let settings = FlowSettings { only: self.only, ..FlowSettings::new(choice) };
            let flows = Flows::new(self.region, &settings)?;
            let loads = flows.hospital_loads(self.region.network().hospitals().len());
            let mut predicted = Vec::with_capacity(self.asked.len());
            for id in &self.asked {
                predicted.push(loads[id.index()]);
            }
            return Ok(predicted);
        };

        let attraction = self.attraction(&gravity);
        let mut sums = vec![0.0; self.treats.len()];
        // One thread: fits ask for several predictions at the same time.
        let mut desk = Desk::new(self, &gravity, &attraction);
        for places in pieces(&self.places) {
            desk.sent.fill(0.0);
            for &place in places {
                desk.send_from(place);
            }
            // Flows add up piece by piece, too, because pieces are parallel there.
            for (sum, cases) in sums.iter_mut().zip(&desk.sent) {
                *sum += cases;
            }
        }
        let mut predicted = Vec::with_capacity(self.asked.len());
        for id in &self.asked {
            predicted.push(self.load(*id, &sums));
        }
        Ok(predicted)
    }

    /// The weight of each hospital for each stream that it treats, before the journey.
    fn attraction(&self, gravity: &Gravity) -> Vec<f64> {
        let network = self.region.network();
        let mut of_streams = Vec::with_capacity(self.streams.streams.len());
        for stream in &self.streams.streams {
            of_streams.push(gravity.attraction(network, stream));
        }
        let mut attraction = Vec::with_capacity(self.treats.len());
        for treats in &self.treats {
            attraction.push(of_streams[treats.stream][treats.site]);
        }
        attraction
    }

    /// Where what a hospital treats stands in the list.
    fn treated_by(&self, hospital: usize) -> Range<usize> {
        self.starts[hospital]..self.starts[hospital + 1]
    }

    /// The sums of a hospital: by department first, then over departments in the order of their names, as flows
    /// have them.
    fn load(&self, hospital: HospitalId, sums: &[f64]) -> HospitalLoad {
        let mut departments: Vec<(usize, HospitalLoad)> = Vec::new();
        for number in self.treated_by(hospital.index()) {
            let slot = self.treats[number].slot;
            // A hospital has few departments: they are looked through faster than a map.
            let known = departments.iter().position(|(known, _)| *known == slot);
            let position = known.unwrap_or_else(|| {
                departments.push((slot, HospitalLoad::default()));
                departments.len() - 1
            });
            let load = &mut departments[position].1;
            load.cases += sums[number];
            load.cases_from_beyond += sums[number] * self.streams.slots[slot].beyond_per_case;
        }
        departments.sort_by_key(|(slot, _)| &self.streams.slots[*slot].department);

        let mut sum = HospitalLoad::default();
        for (_, load) in departments {
            sum.cases += load.cases;
            sum.cases_from_beyond += load.cases_from_beyond;
        }
        sum
    }
}

/// The place whose cases are being sent, and what was sent so far.
struct Desk<'a> {
    predictor: &'a Predictor<'a>,
    gravity: &'a Gravity,
    /// By what a hospital treats: its attraction.
    attraction: &'a [f64],
    /// By what a hospital treats: cases sent to it, if it is asked for.
    sent: Vec<f64>,
    /// By stream: cases of each part of the place.
    each: Vec<f64>,
    /// By stream: what all hospitals in reach of a part attract together.
    pull: Vec<f64>,
    /// By stream: cases by unit of attraction.
    by_unit: Vec<f64>,
    /// By stream: the nearest hospital that draws anybody, or `NOBODY`.
    nearest: Vec<u32>,
}

impl<'a> Desk<'a> {
    fn new(predictor: &'a Predictor<'a>, gravity: &'a Gravity, attraction: &'a [f64]) -> Self {
        let streams = predictor.streams.streams.len();
        Self {
            predictor,
            gravity,
            attraction,
            sent: vec![0.0; predictor.treats.len()],
            each: vec![0.0; streams],
            pull: vec![0.0; streams],
            by_unit: vec![0.0; streams],
            nearest: vec![NOBODY; streams],
        }
    }

    /// Sends the cases of a place, an equal share from each of its parts.
    fn send_from(&mut self, place: PlaceId) {
        let parts = self.predictor.region.parts_of(place);
        let count = parts.len() as f64;
        for (each, stream) in self.each.iter_mut().zip(&self.predictor.streams.streams) {
            *each = stream.cases.cases[place.index()] / count;
        }
        for part in parts {
            self.weigh(part);
            for stream in 0..self.each.len() {
                self.by_unit[stream] = self.each[stream] / self.pull[stream];
                // Nothing attracts, or so little that one over it is no number.
                if !self.by_unit[stream].is_finite() {
                    self.by_unit[stream] = 0.0;
                    self.send_without_unit(part, stream);
                }
            }
            self.send(part);
        }
    }

    /// Adds up what the hospitals in reach of a part attract, and notes the nearest of each stream.
    fn weigh(&mut self, part: usize) {
        let (hospitals, seconds) = self.predictor.region.times().row(part);
        let gain = self.gravity.nearest_gain();
        self.pull.fill(0.0);
        self.nearest.fill(NOBODY);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            let decay = self.gravity.decay(second);
            for number in self.predictor.treated_by(hospital as usize) {
                let stream = self.predictor.treats[number].stream;
                let mut weight = self.attraction[number] * decay;
                if let Some(gain) = gain {
                    // Hospitals come in the order of time: the first that draws anybody is the nearest.
                    if self.nearest[stream] == NOBODY && self.attraction[number] > 0.0 {
                        self.nearest[stream] = hospital;
                        weight += weight * gain;
                    }
                }
                self.pull[stream] += weight;
            }
        }
    }

    /// The weight of a hospital for something that it treats, after a journey.
    fn weight(&self, hospital: u32, second: u16, number: usize) -> f64 {
        let stream = self.predictor.treats[number].stream;
        let weight = self.attraction[number] * self.gravity.decay(second);
        match self.gravity.nearest_gain() {
            Some(gain) if self.nearest[stream] == hospital => weight + weight * gain,
            _ => weight,
        }
    }

    /// Sends the cases of a part to the hospitals that are asked for.
    fn send(&mut self, part: usize) {
        let (hospitals, seconds) = self.predictor.region.times().row(part);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            if !self.predictor.is_asked[hospital as usize] {
                continue;
            }
            for number in self.predictor.treated_by(hospital as usize) {
                let by_unit = self.by_unit[self.predictor.treats[number].stream];
                self.sent[number] += self.weight(hospital, second, number) * by_unit;
            }
        }
    }

    /// Sends the cases of one stream of a part where cases by unit of attraction are no number: by shares where
    /// the attraction is faint, to the nearest where it vanished.
    fn send_without_unit(&mut self, part: usize, stream: usize) {
        let (hospitals, seconds) = self.predictor.region.times().row(part);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            let treated = self.predictor.treated_by(hospital as usize);
            let treats = &self.predictor.treats[treated.clone()];
            let Some(position) = treats.iter().position(|treats| treats.stream == stream) else {
                continue;
            };
            let number = treated.start + position;
            if self.pull[stream] > 0.0 {
                let share = self.weight(hospital, second, number) / self.pull[stream];
                self.sent[number] += share * self.each[stream];
            } else {
                self.sent[number] += self.each[stream];
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::choice::{Decay, Huff, Logit};

    #[test]
    fn predictions_are_those_of_flows_to_the_last_bit() {
        let region = Region::leipzig().unwrap();
        let births = region.demand().condition("birth").unwrap();
        let exponential = |per_minute| Decay::Exponential { per_minute };
        let usual = Huff { beds_exponent: 0.7, decay: exponential(0.05) };
        let logit = Logit {
            per_minute: 0.07,
            log_beds: 0.8,
            nearest: 0.3,
            private: -0.2,
            non_profit: 0.1,
            stage: 0.4,
        };
        let choices = [
            Choice::Nearest,
            Choice::Huff(usual),
            // Attraction so faint that its inverse is no number, and none at all.
            Choice::Huff(Huff { decay: exponential(70.0), ..usual }),
            Choice::Huff(Huff { decay: exponential(99.0), ..usual }),
            Choice::Logit(logit),
        ];
        let ids: Vec<HospitalId> = region.network().ids().step_by(3).collect();
        for only in [None, Some(births)] {
            let predictor = Predictor::new(&region, only, ids.clone());
            for choice in choices {
                let settings = FlowSettings { only, ..FlowSettings::new(choice) };
                let flows = Flows::new(&region, &settings).unwrap();
                let loads = flows.hospital_loads(region.network().hospitals().len());
                for (id, predicted) in ids.iter().zip(predictor.predict(choice).unwrap()) {
                    let load = loads[id.index()];
                    assert_eq!(predicted.cases.to_bits(), load.cases.to_bits(), "{choice}");
                    assert_eq!(predicted.all_cases(), load.all_cases(), "{choice}");
                }
            }
        }
    }
}
