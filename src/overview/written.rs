//! How an overview is written where its parts have no form of their own: results of which there may be none, and law
//! in short.

use std::fmt::Display;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::model::{GroupRef, HospitalId};
use crate::random::Seed;
use crate::rules::{Assessment, GroupStanding, HospitalStage, StageRange};

/// What there is, or `error` with the reason why there is nothing.
struct OrError<'w, T, E>(&'w Result<T, E>);

impl<T: Serialize, E: Serialize> Serialize for OrError<'_, T, E> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(result) => result.serialize(to),
            Err(error) => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry("error", error)?;
                map.end()
            }
        }
    }
}

/// Writes a result as itself, and an error in its place as `error`.
pub(super) fn or_error<T, E, S>(result: &Result<T, E>, to: S) -> Result<S::Ok, S::Error>
where
    T: Serialize,
    E: Serialize,
    S: Serializer,
{
    OrError(result).serialize(to)
}

/// Writes each of several results as [`or_error`] does, errors by their messages.
pub(super) fn each_or_message<T, E, S>(results: &[Result<T, E>], to: S) -> Result<S::Ok, S::Error>
where
    T: Serialize,
    E: Display,
    S: Serializer,
{
    // One by one, so that a pathway that nobody can do takes none of the others with it.
    let mut list = to.serialize_seq(Some(results.len()))?;
    for result in results {
        list.serialize_element(&OrError(&result.as_ref().map_err(E::to_string)))?;
    }
    list.end()
}

/// Writes an error by its message.
pub(super) fn message<E: Display, S: Serializer>(error: &E, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(error)
}

/// Writes a seed as its number.
pub(super) fn seed<S: Serializer>(seed: &Seed, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(seed.0)
}

/// How a site stands to a service group.
#[derive(Serialize)]
struct GroupInShort {
    hospital: HospitalId,
    group: GroupRef,
    standing: GroupStanding,
}

/// Writes how every site stands to each group that it is taken to offer, without the reasons.
#[expect(clippy::ref_option, reason = "serde passes a reference")]
pub(super) fn groups_in_short<S: Serializer>(
    assessment: &Option<Assessment>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let Some(assessment) = assessment else { return to.serialize_none() };
    let mut groups = Vec::new();
    for site in &assessment.sites {
        for group in &site.groups {
            let standing = group.verdict.standing();
            groups.push(GroupInShort { hospital: site.hospital, group: group.group, standing });
        }
    }
    groups.serialize(to)
}

/// Which stage of emergency care a site would reach.
#[derive(Serialize)]
struct StageInShort {
    hospital: HospitalId,
    #[serde(flatten)]
    range: StageRange,
}

/// Writes the stage that every site would reach for sure and at best, without the reasons.
#[expect(clippy::ref_option, reason = "serde passes a reference")]
pub(super) fn stages_in_short<S: Serializer>(
    stages: &Option<Vec<HospitalStage>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let Some(stages) = stages else { return to.serialize_none() };
    let mut ranges = Vec::with_capacity(stages.len());
    for stage in stages {
        ranges.push(StageInShort { hospital: stage.hospital, range: stage.range() });
    }
    ranges.serialize(to)
}
