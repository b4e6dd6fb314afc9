//! Things in groups, told as text.

use std::collections::BTreeMap;

use crate::words;

/// Things in groups, each with its members, in the order in which the groups come first.
#[derive(Default)]
pub(super) struct Grouped<'g> {
    order: Vec<&'g str>,
    members: BTreeMap<&'g str, Vec<String>>,
}

impl<'g> Grouped<'g> {
    pub(super) fn add(&mut self, group: &'g str, member: impl Into<String>) {
        if !self.members.contains_key(group) {
            self.order.push(group);
        }
        self.members.entry(group).or_default().push(member.into());
    }

    /// Each group with its members.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&'g str, &[String])> {
        self.order.iter().map(|group| (*group, self.members[group].as_slice()))
    }

    /// Each group with its members, as one text.
    pub(super) fn told(&self, between: &str) -> Vec<String> {
        // A group is a word of the program, or a key, of which there is no German.
        let group = |group: &&str| {
            format!("{}{between}{}", words::of(group), self.members[group].join(", "))
        };
        self.order.iter().map(group).collect()
    }
}
