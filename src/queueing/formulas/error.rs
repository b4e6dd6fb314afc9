//! What can be wrong with the numbers that go into a formula.

/// A number that goes into a formula is out of range, or the queue has no steady state.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormulaError {
    /// An argument is out of range or no number.
    #[error("{}", said!("{name} is {value}; expected {expected}", name, value, expected))]
    OutOfRange {
        /// The argument.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What was expected.
        expected: &'static str,
    },
    /// More work comes than the servers can do, so the queue grows without end.
    #[error("{}", said!("the load per server is {utilisation}; a queue that ends needs less than 1", utilisation))]
    Unstable {
        /// Offered load over servers, 1 or more.
        utilisation: f64,
    },
    /// A list has another length than the list of arrivals.
    #[error("{}", said!("{list} has length {length}; expected {expected}, one for each station", list, length, expected))]
    Length {
        /// The list: `"the routing"`, `"row 3 of the routing"`, `"the list of stations"`.
        list: String,
        /// Its length.
        length: usize,
        /// The number of stations.
        expected: usize,
    },
    /// An entry of the routing is no probability.
    #[error("{}", said!("the share that goes from station {from} to station {to} is {value}; expected 0 to 1", from, to, value))]
    Probability {
        /// The row, counted from 0.
        from: usize,
        /// The column, counted from 0.
        to: usize,
        /// The entry.
        value: f64,
    },
    /// More than everybody who leaves a station goes on to others.
    #[error("{}", said!("the shares that go on from station {station} sum to {sum}; expected at most 1", station, sum))]
    RowSum {
        /// The row, counted from 0.
        station: usize,
        /// The sum of the row, above 1.
        sum: f64,
    },
    /// A customer who enters one of these stations never leaves the network.
    #[error("{}", said!("nobody who enters stations {stations} ever leaves the network", stations = format!("{:?}", stations)))]
    NeverLeaves {
        /// The stations, counted from 0, ascending; at least one.
        stations: Vec<usize>,
    },
    /// The numbers of one station are at fault.
    #[error("{}", said!("station {station}: {problem}", station, problem))]
    AtStation {
        /// The station, counted from 0.
        station: usize,
        /// Its fault.
        problem: Box<FormulaError>,
    },
}

impl FormulaError {
    /// This fault, with the station that has it.
    pub(super) fn at(self, station: usize) -> Self {
        Self::AtStation { station, problem: Box::new(self) }
    }
}

/// The greatest load that is computed, in busy servers: the recursions take a step for each.
const MOST_OFFERED: f64 = 1e7;

/// Checks that a load is a number from 0 to ten million.
pub(super) fn check_offered(value: f64) -> Result<(), FormulaError> {
    let expected = "a number from 0 to 10,000,000";
    check((0.0..=MOST_OFFERED).contains(&value), "the offered load", value, expected)
}

/// Checks that a target is above 0 and at most 1.
pub(super) fn check_target(name: &'static str, value: f64) -> Result<(), FormulaError> {
    check(value > 0.0 && value <= 1.0, name, value, "a share above 0, at most 1")
}

/// Checks that there is a server.
pub(super) fn check_servers(servers: u32) -> Result<(), FormulaError> {
    check(servers > 0, "the number of servers", f64::from(servers), "at least 1")
}

/// Checks that an amount is a finite number of 0 or more.
pub(super) fn check_amount(name: &'static str, value: f64) -> Result<(), FormulaError> {
    check(value >= 0.0 && value.is_finite(), name, value, "a finite number of 0 or more")
}

/// Checks that a time is a finite number above 0.
pub(super) fn check_positive(name: &'static str, value: f64) -> Result<(), FormulaError> {
    check(value > 0.0 && value.is_finite(), name, value, "a finite number above 0")
}

/// The error of an argument, unless it is right.
pub(super) fn check(
    is_right: bool,
    name: &'static str,
    value: f64,
    expected: &'static str,
) -> Result<(), FormulaError> {
    if is_right { Ok(()) } else { Err(FormulaError::OutOfRange { name, value, expected }) }
}
