//! Erlang's two formulas and their inverses.

use super::error::{FormulaError, check_offered, check_servers, check_target};

/// Erlang B: the share of patients, 0 to 1, who find all servers busy and are turned away.
///
/// `offered` is the load in busy servers, arrival rate x mean stay, from 0 to ten million. Patients
/// arrive at random; the stay may have any distribution with that mean. Without servers everybody
/// is turned away. Takes a step per server until the share vanishes.
///
/// By the recursion B(0) = 1, B(c) = a B(c - 1) / (c + a B(c - 1)), which never overflows.
///
/// Erlang, A. K. (1917): Solution of some problems in the theory of probabilities of significance
/// in automatic telephone exchanges. Post Office Electrical Engineers' Journal 10, 189-197.
///
/// # Errors
///
/// When the load is out of range.
///
/// ```
/// // (1/2) / (1 + 1 + 1/2) = 1/5
/// let refused = verbund::queueing::formulas::erlang_b(1.0, 2)?;
/// assert!((refused - 0.2).abs() < 1e-15);
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn erlang_b(offered: f64, servers: u32) -> Result<f64, FormulaError> {
    check_offered(offered)?;
    Ok(refused(offered, servers))
}

/// Erlang C: the share of patients, 0 to 1, who must wait before a server is free.
///
/// `offered` is the load in busy servers, from 0 to below `servers`. Patients arrive at random,
/// wait as long as it takes, and have exponential service times.
///
/// Erlang (1917), from Erlang B: C = c B / (c - a + a B).
///
/// # Errors
///
/// When the load is out of range, there is no server, or the load is not below the servers.
///
/// ```
/// // One server: the share who wait is the share of time it is busy.
/// let waiting = verbund::queueing::formulas::erlang_c(0.8, 1)?;
/// assert!((waiting - 0.8).abs() < 1e-15);
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn erlang_c(offered: f64, servers: u32) -> Result<f64, FormulaError> {
    check_offered(offered)?;
    check_servers(servers)?;
    check_stable(offered, servers)?;
    Ok(waiting(offered, servers, refused(offered, servers)))
}

/// The least number of beds that turn away at most this share of patients.
///
/// `offered` is the load in occupied beds, `most_refused` a share above 0, at most 1; planners take
/// 0.02. The share is that of [`erlang_b`]; equal counts as kept. When nobody comes, no bed is
/// needed.
///
/// # Errors
///
/// When the load or the share is out of range.
///
/// ```
/// use verbund::queueing::formulas::beds_for;
///
/// // B(1) = 1/2, B(2) = 1/5, B(3) = 1/16, B(4) = 1/65
/// assert_eq!(beds_for(1.0, 0.2)?, 2);
/// assert_eq!(beds_for(1.0, 0.02)?, 4);
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn beds_for(offered: f64, most_refused: f64) -> Result<u32, FormulaError> {
    check_offered(offered)?;
    check_target("the share that may be refused", most_refused)?;
    Ok(least_beds(offered, most_refused))
}

/// The least number of servers with which at most this share of patients must wait.
///
/// `offered` is the load in busy servers, `most_waiting` a share above 0, at most 1. The share is
/// that of [`erlang_c`], so there are always more servers than the load keeps busy; equal counts as
/// kept. When nobody comes, no server is needed.
///
/// # Errors
///
/// When the load or the share is out of range.
///
/// ```
/// use verbund::queueing::formulas::servers_for;
///
/// // C(2) = 1/3, C(3) = 1/11
/// assert_eq!(servers_for(1.0, 0.34)?, 2);
/// assert_eq!(servers_for(1.0, 0.1)?, 3);
/// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
/// ```
pub fn servers_for(offered: f64, most_waiting: f64) -> Result<u32, FormulaError> {
    check_offered(offered)?;
    check_target("the share that may wait", most_waiting)?;
    if offered == 0.0 {
        return Ok(0);
    }
    let (mut servers, mut share) = (0, 1.0);
    // Up to the load the queue would grow for ever, whatever the share says.
    while f64::from(servers) <= offered || waiting(offered, servers, share) > most_waiting {
        servers += 1;
        share = next_refused(offered, servers, share);
    }
    Ok(servers)
}

/// Checks that the servers can do the work that comes.
pub(super) fn check_stable(offered: f64, servers: u32) -> Result<(), FormulaError> {
    if offered < f64::from(servers) {
        return Ok(());
    }
    Err(FormulaError::Unstable { utilisation: offered / f64::from(servers) })
}

/// Erlang B of a checked load.
pub(super) fn refused(offered: f64, servers: u32) -> f64 {
    let mut share = 1.0;
    for count in 1..=servers {
        share = next_refused(offered, count, share);
        if share == 0.0 {
            break; // below the least number: more servers leave it there
        }
    }
    share
}

/// The least number of beds of a checked load; a share of 0 is reached where Erlang B vanishes.
pub(super) fn least_beds(offered: f64, most_refused: f64) -> u32 {
    if offered == 0.0 {
        return 0;
    }
    let (mut beds, mut share) = (0, 1.0);
    while share > most_refused {
        beds += 1;
        share = next_refused(offered, beds, share);
    }
    beds
}

/// Erlang B of `servers` from that of one server less.
fn next_refused(offered: f64, servers: u32, share: f64) -> f64 {
    // The closed form overflows, as 171! is beyond every double; this stays between 0 and 1.
    offered * share / (f64::from(servers) + offered * share)
}

/// Erlang C from Erlang B, without the difference of nearly equal numbers.
pub(super) fn waiting(offered: f64, servers: u32, refused: f64) -> f64 {
    let servers = f64::from(servers);
    servers * refused / (servers - offered + offered * refused)
}
