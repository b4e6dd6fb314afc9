//! Errors that are told together.

use std::fmt::Display;

use anyhow::anyhow;

use super::language::for_reader;

/// Faults of a command line and of what it names: all of them are told at once.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn add(&mut self, error: &anyhow::Error) {
        self.0.push(for_reader(|| format!("{error:#}")));
    }

    /// Notes several errors of one kind.
    pub(super) fn extend<E: Display>(&mut self, errors: impl IntoIterator<Item = E>) {
        for error in errors {
            self.0.push(for_reader(|| error.to_string()));
        }
    }

    /// The value, or `None` and the error noted.
    pub(super) fn note<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(&error)).ok()
    }

    /// The value without which nothing goes on, with all faults so far in its place where it is missing.
    pub(super) fn need<T>(&mut self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.map_err(|error| {
            self.add(&error);
            self.error()
        })
    }

    /// All of them as one error.
    pub(super) fn tell(&self) -> anyhow::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(self.error()) }
    }

    pub(super) fn error(&self) -> anyhow::Error {
        // The first one gets the name of the program where the error is told.
        anyhow!("{}", self.0.join("\nverbund: "))
    }
}

/// An error with values, in the language that is asked for: [`said!`](verbund::said) as an error.
macro_rules! fault {
    ($($said:tt)+) => {
        anyhow::anyhow!("{}", $crate::cli::language::message!($($said)+))
    };
}
pub(super) use fault;
