//! More beds for the wards of a region, in the simulation of its patients.

use super::formula::Load;
use super::{MoreBeds, MoreBedsAnswer, Tried, TriedWard, YEAR};
use crate::problem::Problems;
use crate::queueing::replicate_until;
use crate::run::Control;
use crate::simulation::{Figure, PatientFlow, Sample, Ward, WardId, WardSample};

impl MoreBeds {
    /// Where the beds help most among these wards of a region, in the simulation of its patients: who finds a full ward
    /// is laid in another one of the house, sent on or waits as there, and a bed here may help a ward elsewhere. Wards
    /// that the figures count nobody of are not tried, nor are those of hospitals outside.
    ///
    /// Further beds are staffed as those that are there; places on waiting lists, beds for patients of other wards
    /// and which hospital patients choose stay as they are. The load of a ward, for the formula, is who would lie in it in the
    /// long run if every bed were free ([`PatientFlow::expected_patients`]).
    ///
    /// Progress is how many replications are finished.
    ///
    /// # Errors
    ///
    /// Every value that is out of its range.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::run::Control;
    /// use verbund::simulation::{MoreBeds, PatientFlow, Settings};
    ///
    /// let model = Folder::small().read()?;
    /// let region = Region::new(&model, model.network.date())?;
    /// let flow = PatientFlow::new(&region, &Settings::default().days(60), None)?;
    /// let wards: Vec<_> = flow.wards_with_ids().map(|(id, _)| id).collect();
    /// let answer = MoreBeds::new(5).in_region(&flow, &wards, &Control::default())?;
    /// assert!(answer.wards.len() + answer.without_need <= wards.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_region(
        &self,
        flow: &PatientFlow<'_>,
        wards: &[WardId],
        control: &Control<'_>,
    ) -> Result<MoreBedsAnswer, Problems> {
        let problems = self.check();
        if !problems.is_empty() {
            return Err(problems);
        }
        let in_a_year = YEAR / f64::from(flow.settings().days.max(1));
        let run = |more: &[u32], replication| -> Option<f64> {
            let sample = flow.sample_with_more(more, self.seed, replication, control)?;
            Some(self.counted_inside(flow, &sample) * in_a_year)
        };

        // A few replications of the beds that are there say which wards turn anybody away.
        let mut samples: Vec<Sample> = Vec::new();
        let first = |replication| flow.sample_until(self.seed, replication, control);
        let merge = |sample: Sample| {
            samples.push(sample);
            control.tell(samples.len() as u64);
            false
        };
        replicate_until(self.first_of_base(), &control.silent(), first, merge);
        let mut base = Vec::with_capacity(samples.len());
        for sample in &samples {
            base.push(self.counted_inside(flow, sample) * in_a_year);
        }
        let mut tried = Tried { wards: Vec::new(), without_need: 0, base };
        for &id in wards {
            let ward = flow.ward(id);
            // Who is counted is counted inside: beds beyond would help others.
            if flow.region().network()[ward.hospital].outside {
                continue;
            }
            match self.tried(flow, id, &samples) {
                Some(ward) => tried.wards.push(ward),
                None => tried.without_need += 1,
            }
        }
        Ok(self.answer(tried, &run, control))
    }

    /// A ward that could get the beds; `None` where nobody was counted in it.
    fn tried(&self, flow: &PatientFlow<'_>, id: WardId, samples: &[Sample]) -> Option<TriedWard> {
        let days = f64::from(flow.settings().days) * samples.len() as f64;
        let (mut need, mut came) = (0.0, 0.0);
        for sample in samples {
            let ward = &sample.wards[id.index()];
            need += self.counted(ward);
            came += came_for(ward);
        }
        if need <= 0.0 {
            return None;
        }
        let Ward { hospital, specialty, beds, .. } = flow.ward(id);
        let staffed = flow.staffed_beds(id).round() as u32;
        let offered = flow.expected_patients(id).filter(|offered| *offered > 0.0);
        let arrivals = came / days * YEAR;
        Some(TriedWard {
            number: id.index(),
            name: format!("{} {specialty}", flow.region().network()[*hospital].key),
            ward: Some(id),
            beds: *beds,
            load: offered.map(|offered| Load { arrivals, offered, beds: staffed }),
            need: need / days * YEAR,
        })
    }

    /// Patients whom the figures count, of all hospitals inside.
    fn counted_inside(&self, flow: &PatientFlow<'_>, sample: &Sample) -> f64 {
        let network = flow.region().network();
        let mut counted = 0.0;
        for (ward, sample) in flow.wards().iter().zip(&sample.wards) {
            if !network[ward.hospital].outside {
                counted += self.counted(sample);
            }
        }
        counted
    }

    /// Patients of a ward whom the figures count.
    fn counted(&self, ward: &WardSample) -> f64 {
        let mut counted = 0.0;
        for figure in &self.figures {
            counted += match figure {
                Figure::Refused => ward.refused,
                Figure::DivertedAway => ward.diverted_away,
                Figure::Forced => ward.forced,
                Figure::Waited => ward.waited,
                Figure::Outliers => ward.outliers,
                Figure::FreeBeside => ward.free_beside,
                // The question was checked.
                _ => 0.0,
            };
        }
        counted
    }
}

/// Patients who came for a bed of this ward, whatever became of them.
fn came_for(ward: &WardSample) -> f64 {
    // Those of other first choices got in here, and came for another bed.
    let let_in = ward.admissions - ward.received;
    let_in + ward.diverted_away + ward.outliers + ward.refused + ward.transferred_in
}
