//! More beds for wards that are written out: stations beside each other that turn away whoever finds no bed.

use super::formula::Load;
use super::{MoreBeds, MoreBedsAnswer, Tried, TriedWard, YEAR};
use crate::problem::Problems;
use crate::queueing::{Model, Servers, Simulator, Station, WaitingRoom};
use crate::run::Control;
use crate::simulation::beds::trial::{self, Days};
use crate::simulation::beds::{BedQuestion, BedTrial, fault};

impl MoreBeds {
    /// Where the beds help most among the wards of a question, of which each stands alone and turns away whoever finds
    /// no bed. Days, warm-up and stays are those of the question; replications and seed are this one's.
    ///
    /// Progress is how many replications are finished.
    ///
    /// # Errors
    ///
    /// Every value that is out of its range, a ward without beds, and a question about patients who wait.
    pub fn in_wards(
        &self,
        question: &BedQuestion,
        control: &Control<'_>,
    ) -> Result<MoreBedsAnswer, Problems> {
        let mut problems = question.check();
        for problem in self.check().list() {
            problems.push(problem.clone());
        }
        if question.target.is_wait() {
            problems.push(fault("question", "wait", "patients wait", "patients who are refused"));
        }
        for ward in &question.wards {
            if ward.beds.is_none() {
                let entity = format!("ward \"{}\"", ward.name);
                problems.push(fault(&entity, "beds", "unknown", "the beds that are there"));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }

        let days = question.trial.unwrap_or_default();
        let simulator = Simulator::new(&wards_beside_each_other(question, &days))?;
        let run = |more: &[u32], replication| -> Option<f64> {
            let run = simulator.run_with_more(more, self.seed, replication, control)?;
            let mut lost = 0;
            for station in &run.stations {
                lost += station.lost;
            }
            Some(lost as f64 / run.window * YEAR)
        };

        let mut wards = Vec::with_capacity(question.wards.len());
        for (number, ward) in question.wards.iter().enumerate() {
            let beds = ward.beds.unwrap_or(0);
            let load = Load { arrivals: ward.arrivals * YEAR, offered: ward.offered(), beds };
            wards.push(TriedWard {
                number,
                name: ward.name.clone(),
                ward: None,
                beds,
                load: Some(load),
                need: load.gain(self.beds),
            });
        }
        let tried = Tried { wards, without_need: 0, base: Vec::new() };
        Ok(self.answer(tried, &run, control))
    }
}

/// A station for each ward, with patients of its own.
fn wards_beside_each_other(question: &BedQuestion, days: &BedTrial) -> Model {
    let mut warm_up: f64 = 0.0;
    for ward in &question.wards {
        let load = trial::Load {
            beds: ward.beds.unwrap_or(1),
            offered: ward.offered(),
            stay: ward.stay,
            stay_cv: question.stay_cv,
            is_wait: false,
        };
        warm_up = warm_up.max(load.warm_up(days));
    }
    // One time for all: the ward that forgets most slowly.
    let days = Days { warm_up, counted: f64::from(days.days) };
    let mut model = trial::model(question, &question.wards, 1, days);
    model.stations.clear();
    for (ward, stream) in question.wards.iter().zip(&mut model.streams) {
        model.stations.push(Station {
            key: ward.name.clone(),
            servers: Servers::Finite(ward.beds.unwrap_or(1)),
            waiting_room: WaitingRoom::None,
            ..Station::default()
        });
        for kind in &mut stream.kinds {
            for preference in &mut kind.preferences {
                preference.first = vec![(ward.name.as_str().into(), 1.0)];
            }
        }
    }
    model
}
