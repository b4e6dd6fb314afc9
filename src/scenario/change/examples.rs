//! What each kind of change does in a sentence, with an example.

/// A kind of change, to be shown to people who write scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeExample {
    /// Its name, as files write it.
    pub name: &'static str,
    /// What it does, in a sentence that goes on from the name and a colon.
    pub does: &'static str,
    /// What stands in `changes: [...]` of a scenario for Leipzig: the change, with another one where it needs one.
    pub written: &'static str,
}

impl ChangeExample {
    /// The example on one line.
    ///
    /// ```
    /// use verbund::scenario::CHANGE_EXAMPLES;
    ///
    /// let closes = CHANGE_EXAMPLES.iter().find(|example| example.name == "CloseHospital");
    /// assert_eq!(
    ///     closes.unwrap().on_one_line(),
    ///     r#"(on: "2027-01-01", reason: "insolvency", change: CloseHospital("sana-wurzen")),"#
    /// );
    /// ```
    pub fn on_one_line(&self) -> String {
        let lines: Vec<&str> = self.written.lines().map(str::trim_start).collect();
        lines.join(" ")
    }
}
