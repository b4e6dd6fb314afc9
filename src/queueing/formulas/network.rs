//! Open networks: patients who come, go from station to station, and leave.

use serde::Serialize;

use super::error::{FormulaError, check_amount, check_positive};
use super::station::{Station, Wait};

/// Sums of a row may miss 1 by this much: shares in files are rounded.
const ROUNDING: f64 = 1e-9;

/// How many servers a station of a network has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Servers {
    /// This many, 1 or more; patients wait for the next one.
    Limited(u32),
    /// Always enough: nobody waits, and the census has a Poisson distribution.
    Unlimited,
}

/// A station of an open network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NetworkStation {
    /// Mean time of one visit's service, above 0.
    pub mean_service: f64,
    /// Its servers.
    pub servers: Servers,
}

/// Figures of one station of an open network. Times are in the unit of its rates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StationFigures {
    /// Visits in a unit of time, from outside and from other stations.
    pub traffic: f64,
    /// Offered load: mean number of patients in service.
    pub offered: f64,
    /// Mean number of patients who wait or are served.
    pub mean_people: f64,
    /// The queue; `None` with unlimited servers.
    pub wait: Option<Wait>,
}

/// Visits of every station in a unit of time: customers from outside, and those who are sent on.
///
/// Solves `traffic[j] = arrivals[j] + sum over i of traffic[i] x routing[i][j]`. `routing[i][j]` is
/// the share of those who finish at station `i` that goes on to station `j`, 0 to 1; what a row
/// lacks to 1 leaves the network. A row may exceed 1 by 1e-9, and one that lacks less than that
/// counts as 1. Holds for every network that loses nobody, whatever its distributions. Takes n^3
/// steps for n stations.
///
/// Stations are struck out one after another, and who would go there is sent on at once. It is
/// Gaussian elimination without a subtraction, so every rate is right to nearly all its digits,
/// even when hardly anybody leaves.
///
/// Grassmann, W. K., Taksar, M. I., Heyman, D. P. (1985): Regenerative analysis and steady state
/// distributions for Markov chains. Operations Research 33, 1107-1116.
///
/// # Errors
///
/// When a list has the wrong length, an arrival rate or share is out of range, a row sums to more
/// than 1, or some stations send all their patients to one another for ever.
///
/// ```
/// use verbund::queueing::formulas::traffic;
///
/// // 10 a day come to the first; half go on to the second, which sends a fifth back:
/// // first = 10 + 0.2 second, second = 0.5 first, so first = 10 / 0.9.
/// let traffic = traffic(&[10.0, 0.0], &[vec![0.0, 0.5], vec![0.2, 0.0]])?;
/// assert!((traffic[0] - 10.0 / 0.9).abs() < 1e-12);
/// assert!((traffic[1] - 5.0 / 0.9).abs() < 1e-12);
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn traffic(arrivals: &[f64], routing: &[Vec<f64>]) -> Result<Vec<f64>, FormulaError> {
    check_length("the routing", routing.len(), arrivals.len())?;
    let mut leaving = Vec::with_capacity(arrivals.len());
    for (station, row) in routing.iter().enumerate() {
        check_amount("the arrival rate", arrivals[station]).map_err(|error| error.at(station))?;
        leaving.push(check_row(station, row, arrivals.len())?);
    }
    let trapped = trapped(routing, &leaving);
    if !trapped.is_empty() {
        return Err(FormulaError::NeverLeaves { stations: trapped });
    }
    solve(arrivals.to_vec(), routing.to_vec(), leaving)
}

/// The figures of every station of an open network in its steady state (Jackson).
///
/// Each station behaves as if its visits came at random: M/M/c with limited servers, M/G/infinity
/// with unlimited ones. Holds when patients come at random, are sent on at random, wait as long as
/// it takes, and limited servers have exponential service times. `arrivals` and `routing` are those
/// of [`traffic`].
///
/// Jackson, J. R. (1957): Networks of waiting lines. Operations Research 5, 518-521. With unlimited
/// servers and other service times: Baskett, F., Chandy, K. M., Muntz, R. R., Palacios, F. G.
/// (1975): Open, closed, and mixed networks of queues with different classes of customers. Journal
/// of the ACM 22, 248-260.
///
/// # Errors
///
/// Those of [`traffic`]; or a station is out of range, or more comes to it than its servers can do.
///
/// ```
/// use verbund::queueing::formulas::{NetworkStation, Servers, jackson};
///
/// // Emergency (a doctor, 6 an hour can be seen), then for half a ward with beds enough, 48 hours.
/// let stations = [
///     NetworkStation { mean_service: 1.0 / 6.0, servers: Servers::Limited(1) },
///     NetworkStation { mean_service: 48.0, servers: Servers::Unlimited },
/// ];
/// let figures = jackson(&[3.0, 0.0], &[vec![0.0, 0.5], vec![0.0, 0.0]], &stations)?;
/// assert!((figures[0].mean_people - 1.0).abs() < 1e-12); // 0.5 / (1 - 0.5)
/// assert_eq!(figures[1].mean_people, 72.0); // 1.5 x 48
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn jackson(
    arrivals: &[f64],
    routing: &[Vec<f64>],
    stations: &[NetworkStation],
) -> Result<Vec<StationFigures>, FormulaError> {
    check_length("the list of stations", stations.len(), arrivals.len())?;
    let traffic = traffic(arrivals, routing)?;
    let mut figures = Vec::with_capacity(stations.len());
    for (index, (traffic, station)) in traffic.into_iter().zip(stations).enumerate() {
        figures.push(figures_of(traffic, station).map_err(|error| error.at(index))?);
    }
    Ok(figures)
}

/// The figures of a station with this many visits.
fn figures_of(traffic: f64, station: &NetworkStation) -> Result<StationFigures, FormulaError> {
    check_positive("the mean service time", station.mean_service)?;
    let offered = traffic * station.mean_service;
    check_amount("the offered load", offered)?;
    let wait = match station.servers {
        Servers::Unlimited => None,
        Servers::Limited(servers) => {
            Some(Station::new(traffic, station.mean_service, servers)?.wait()?)
        }
    };
    let mean_people = wait.map_or(offered, |wait| wait.mean_people);
    Ok(StationFigures { traffic, offered, mean_people, wait })
}

/// Checks that a list has an entry for each station.
fn check_length(list: &str, length: usize, expected: usize) -> Result<(), FormulaError> {
    if length == expected {
        return Ok(());
    }
    Err(FormulaError::Length { list: list.to_owned(), length, expected })
}

/// Checks a row of the routing and gives the share that leaves the network.
fn check_row(station: usize, row: &[f64], stations: usize) -> Result<f64, FormulaError> {
    check_length(&format!("row {station} of the routing"), row.len(), stations)?;
    for (to, &value) in row.iter().enumerate() {
        if !(0.0..=1.0 + ROUNDING).contains(&value) {
            return Err(FormulaError::Probability { from: station, to, value });
        }
    }
    let sum: f64 = row.iter().sum();
    if sum > 1.0 + ROUNDING {
        return Err(FormulaError::RowSum { station, sum });
    }
    // What rounding leaves is no way out: it would hide stations that nobody leaves.
    Ok(if sum < 1.0 - ROUNDING { 1.0 - sum } else { 0.0 })
}

/// The stations from which no way leads out of the network, ascending.
fn trapped(routing: &[Vec<f64>], leaving: &[f64]) -> Vec<usize> {
    let mut leads_out = vec![false; leaving.len()];
    let mut open: Vec<usize> = Vec::new();
    for (station, share) in leaving.iter().enumerate() {
        if *share > 0.0 {
            leads_out[station] = true;
            open.push(station);
        }
    }
    while let Some(to) = open.pop() {
        for (from, row) in routing.iter().enumerate() {
            if row[to] > 0.0 && !leads_out[from] {
                leads_out[from] = true;
                open.push(from);
            }
        }
    }
    (0..leaving.len()).filter(|&station| !leads_out[station]).collect()
}

/// Strikes out the stations from the last to the first, then adds up the visits from the first on.
fn solve(
    mut visits: Vec<f64>,
    mut routing: Vec<Vec<f64>>,
    mut leaving: Vec<f64>,
) -> Result<Vec<f64>, FormulaError> {
    // No step subtracts, so that a small share of leaving keeps its digits.
    for last in (0..visits.len()).rev() {
        let row = routing[last].clone();
        // The share that finishes here and does not come straight back.
        let moves = row[..last].iter().sum::<f64>() + leaving[last];
        if moves <= 0.0 {
            // A way out exists, but its share is below the least number.
            return Err(FormulaError::NeverLeaves { stations: vec![last] });
        }
        for from in 0..last {
            let share = routing[from][last] / moves;
            routing[from][last] = share;
            for to in 0..last {
                routing[from][to] += share * row[to];
            }
            leaving[from] += share * leaving[last];
        }
        visits[last] /= moves;
        for to in 0..last {
            visits[to] += visits[last] * row[to];
        }
    }
    for station in 0..visits.len() {
        let sent: f64 = (0..station).map(|from| visits[from] * routing[from][station]).sum();
        visits[station] += sent;
        check_amount("the traffic", visits[station]).map_err(|error| error.at(station))?;
    }
    Ok(visits)
}
