//! Sites that become branches of a main site, and branches that stand for themselves.

use serde::{Deserialize, Serialize};

use crate::model::check::Checker;
use crate::scenario::base::{Base, check_hospital_key, check_two};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, conflict, no_change};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! branch_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A hospital becomes a branch of a main site, or a branch stands for itself. Departments, beds and
            /// journeys stay as they are.
            SetParent(NewParent) => branch::Set {
                does: "a site becomes a branch of a main site; without `parent` a branch stands for itself.",
                example: r#"(on: "2027-01-01", reason: "one hospital at two sites",
 change: SetParent(hospital: "collm-klinik-oschatz", parent: "kkh-torgau")),"#,
            }
        }
    };
}

/// A main site, or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewParent {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of its main site; `None` (left out in files) for a site that stands for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A site becomes a branch of another one, or a branch stands for itself.
pub(super) struct Set;

impl Kind for Set {
    type Terms = NewParent;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewParent> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            Some(NewParent { hospital, parent: fields.maybe_text("parent") })
        })
    }

    fn check(new: &NewParent, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        let Some(parent) = &new.parent else { return };
        if *parent == new.hospital {
            check_two("parent", parent, "becomes a branch of", checker);
        } else {
            check_hospital_key("parent", parent, base, checker);
        }
    }

    fn apply<'s>(new: &'s NewParent, state: &mut State<'s>) -> Result<(), Refusal> {
        if state.hospital("hospital", &new.hospital)?.parent == new.parent {
            let what = match &new.parent {
                Some(parent) => said!("the main site \"{parent}\"", parent),
                None => "no main site".to_owned(),
            };
            return Err(no_change("parent", &new.hospital, &what));
        }

        if let Some(parent) = &new.parent {
            // What counts as one site has one main hospital: a branch of a branch would have two.
            if state.hospital("parent", parent)?.parent.is_some() {
                let message = said!("\"{parent}\" is itself a branch of another site", parent);
                return Err(conflict("parent", message, "a main site"));
            }
            let mut hospitals = state.network.hospitals.iter();
            let branch = hospitals.find(|branch| branch.parent.as_ref() == Some(&new.hospital));
            if let Some(branch) = branch {
                let message = said!(
                    "\"{hospital}\" has a branch of its own, \"{branch}\"",
                    hospital = new.hospital,
                    branch = branch.key
                );
                return Err(conflict("hospital", message, "a site without branches"));
            }
        }
        let hospital = state.hospital("hospital", &new.hospital)?;
        hospital.parent.clone_from(&new.parent);
        Ok(())
    }

    fn keys_mut(new: &mut NewParent) -> Vec<(Refers, &mut String)> {
        let mut keys = refers::hospitals([&mut new.hospital]);
        keys.extend(refers::hospitals(&mut new.parent));
        keys
    }
}
