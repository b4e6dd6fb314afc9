//! The flows held against what really happened: births and inpatient cases by hospital, and which model of choice
//! meets both best.

mod births;
mod cases;
mod fit;
mod models;
mod predictor;

pub use births::{BirthCheck, BirthRow, YearCheck, check_births, check_births_like};
pub use cases::{CasesCheck, CasesRow, check_cases};
pub use models::{CheckError, ModelErrors, ModelRow, ModelsCheck, check_models};
