//! Cooperations that can stand in for each other, and what they bring together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Effect, Study, ToDoor};
use crate::model::{CooperationId, CooperationKind, Parties};
use crate::pathways::Outage;

/// Cooperations that can stand in for each other, and what they bring together: all of a kind, or those of a kind
/// that serve one hospital.
///
/// Where two cooperations do the same, the end of one alone costs nothing; the group tells what both do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CooperationGroup {
    /// Their kind, as files write it: `Transfer`.
    pub kind: &'static str,
    /// Key of the hospital that they serve: the one that hands patients on by transfers, the one that is helped
    /// by all other kinds; `None` for all cooperations of the kind.
    pub hospital: Option<String>,
    /// Its cooperations, of the region or added, rising.
    pub members: Vec<CooperationId>,
    /// By pathway of the study: what is lost if all of them end at once.
    pub effects: Vec<Effect>,
    /// By pathway: what is lost until the stage that makes a hospital a door; empty where they save time over all
    /// pathways, `None` as in [`Study::compare_to_door`].
    pub to_door: Vec<Option<ToDoor>>,
}

impl CooperationGroup {
    /// All pathways together, as [`Effect::and`] counts.
    pub fn total(&self) -> Effect {
        self.effects.iter().copied().sum()
    }
}

impl Study<'_> {
    /// The groups of cooperations that can serve a pathway of the study, by kind: all of it, then those of each
    /// hospital by key.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::impact::{PROTOCOLS, Study};
    /// use verbund::pathways::Query;
    ///
    /// let region = Region::leipzig()?;
    /// let pathway = region.network().catalog().pathway("stroke").unwrap();
    /// let study = Study::new(&region, &[pathway], &[], Query::default().protocol(PROTOCOLS[0]))?;
    /// let groups = study.groups();
    /// // The first group of a kind has all of its cooperations, and those of a hospital are among them.
    /// for group in &groups {
    ///     let whole = groups.iter().find(|whole| whole.kind == group.kind).unwrap();
    ///     assert_eq!(whole.hospital, None);
    ///     assert!(group.members.iter().all(|member| whole.members.contains(member)));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn groups(&self) -> Vec<CooperationGroup> {
        let mut members: BTreeMap<(&'static str, Option<String>), Vec<CooperationId>> =
            BTreeMap::new();
        for id in self.relevant() {
            let cooperation = self.cooperation(id);
            let kind = cooperation.kind.name();
            // Without a hospital comes first: the whole kind stands before its parts.
            members.entry((kind, None)).or_default().push(id);
            if let Parties::Directed { from, to } = &cooperation.parties {
                // Whoever hands patients on is served by a transfer, whoever is helped by all else.
                let is_transfer = matches!(cooperation.kind, CooperationKind::Transfer { .. });
                let served = if is_transfer { std::slice::from_ref(from) } else { to.as_slice() };
                for hospital in served {
                    members.entry((kind, Some(hospital.clone()))).or_default().push(id);
                }
            }
        }

        let mut groups = Vec::new();
        for ((kind, hospital), members) in members {
            groups.push(self.group(kind, hospital, members));
        }
        groups
    }

    /// What some cooperations bring together.
    fn group(
        &self,
        kind: &'static str,
        hospital: Option<String>,
        members: Vec<CooperationId>,
    ) -> CooperationGroup {
        let mut without = Outage::default();
        without.cooperations.extend(&members);
        let effects = self.compare(&without, &Outage::default());
        let mut group = CooperationGroup { kind, hospital, members, effects, to_door: Vec::new() };
        // The time to the door explains a loss; where there is none, nobody asks for it.
        if group.total().net_seconds() < 0.0 {
            group.to_door = self.compare_to_door(&without, &Outage::default());
        }
        group
    }
}
