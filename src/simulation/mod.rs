//! What happens over time: arrivals, beds, waiting, diversion and transfer.
//!
//! [`PatientFlow`] makes a queueing network of a region; [`simulate`] runs it, with scenarios beside it
//! that see the same patients; [`Sensitivity`] says how much of the answer hangs on what nobody knows
//! exactly. [`BedQuestion`] asks how many beds a ward needs. The simulator below is a room of its own, which
//! knows nothing of hospitals: [`crate::queueing`], with what theory says at once in
//! [`crate::queueing::formulas`].
//!
//! In Leipzig / Nordwestsachsen (`verbund simulate --by ward --replications 2`) no ward inside refuses anybody; 12,000
//! patients a year lie in another ward of the house because their own is full, and 12,900 are sent on, of intensive care 31 %,
//! internal medicine 26 % and general surgery 15 %; wards of under 10 beds, intensive care aside, send 1 % of them.

mod admission;
mod bed_wards;
mod beds;
mod beyond;
mod build;
mod census;
mod chosen;
mod counted;
mod course;
mod cut_off;
mod error;
mod flow;
mod helicopters;
mod ids;
mod incident;
mod incident_beds;
mod labels;
mod origins;
mod outliers;
mod periods;
mod ranking;
mod reached;
mod results;
mod rhythm;
mod runs;
mod sample;
mod sensitivity;
mod setting;
mod settings;
mod shortage;
mod spans;
mod stage_samples;
mod stages;
mod start;
mod stays;
mod subjects;
mod surge;
mod theatre;
mod trace;
mod wards;
mod words;
mod written;

pub use crate::queueing::{Ended, replicate, replicate_until};
pub use bed_wards::{HospitalWard, WardError, WardKind};
pub use beds::{
    BedAnswer, BedCurve, BedFormula, BedPooling, BedQuestion, BedRow, BedShare, BedSimulation,
    BedSplit, BedTarget, BedTrial, BedWard, MoreBeds, MoreBedsAnswer, MoreBedsWard, PooledWard,
};
pub use chosen::{ChosenSettings, SettingOrigin, SettingsFile};
pub use counted::{Census, CensusRow};
pub use course::{Course, CoursePoint, CourseStep, Recovery, WithAndWithout};
pub use cut_off::CutOff;
pub use error::SimulationError;
pub use flow::PatientFlow;
pub use ids::{FlowIndex, WardId};
pub use incident::{Allocation, Brought, Triage};
pub use incident_beds::{IncidentBed, Journey, Transport};
pub use outliers::{OutlierRule, Outliers};
pub use ranking::{RankedFlow, Widest};
pub use results::{DayCensus, Figure, Precision, Results, RosterUse, RunPlan, Scope, simulate};
pub use rhythm::{Rhythm, Season, TheatreDays};
pub use runs::{DoesNotAddUp, Rest, Started, other_wards, treated_keys};
pub use sample::{Sample, WardSample};
pub use sensitivity::{
    Bar, Effect, End, Factor, Hypercube, Point, Ranked, Screening, Sensitivity, Stability, Tornado,
    Values,
};
pub use setting::{SETTINGS, Setting, SettingRange};
pub use settings::{NextHospital, Settings, StepDown};
pub use spans::ChangeSpan;
pub use stages::{PlaceWait, StageWait, StageWaitChange};
pub use start::{start_of_run, structure_from};
pub use stays::{StayFit, StayHistogram, StayRow, Stays};
pub use theatre::TheatreUse;
#[cfg(feature = "parquet")]
pub use trace::ParquetTrace;
pub use trace::{CsvTrace, Stay, trace};
pub use wards::{BedSource, Ward, wards_of};
