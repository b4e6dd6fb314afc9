//! All integration tests, one file per behaviour.

mod as_of;
mod beds;
mod census;
mod common;
mod coverage;
mod formulas;
mod graph;
mod impact;
mod impact_regressions;
mod layers;
mod leipzig;
mod pathway_oracle;
mod pathway_problems;
mod pathway_program;
mod pathways;
mod problems;
mod program;
mod queueing;
mod report;
mod round_trip;
mod routing;
mod scenario;
mod sensitivity;
mod travel;
