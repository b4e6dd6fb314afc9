//! One station: beds that refuse when full, or servers with a queue.

use serde::Serialize;

use super::erlang::{check_stable, refused, waiting};
use super::error::{
    FormulaError, check, check_amount, check_offered, check_positive, check_servers,
};

/// A ward, theatre or team that patients come to at random.
///
/// Rates and times are in one unit of the caller's choice, such as patients a day and days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Station {
    arrivals: f64,
    mean_service: f64,
    servers: u32,
}

impl Station {
    /// A station with this arrival rate (0 or more), mean time of service or stay (above 0), and
    /// number of beds or servers (1 or more).
    ///
    /// # Errors
    ///
    /// When one of them is out of range, or rate x time is above ten million.
    pub fn new(arrivals: f64, mean_service: f64, servers: u32) -> Result<Self, FormulaError> {
        check_amount("the arrival rate", arrivals)?;
        check_positive("the mean service time", mean_service)?;
        check_servers(servers)?;
        check_offered(arrivals * mean_service)?;
        Ok(Self { arrivals, mean_service, servers })
    }

    /// Patients who come in a unit of time.
    pub fn arrivals(&self) -> f64 {
        self.arrivals
    }

    /// Mean time that a patient keeps a bed or server.
    pub fn mean_service(&self) -> f64 {
        self.mean_service
    }

    /// Beds or servers.
    pub fn servers(&self) -> u32 {
        self.servers
    }

    /// Offered load: servers that would be busy on average if there were enough of them.
    pub fn offered(&self) -> f64 {
        self.arrivals * self.mean_service
    }

    /// Offered load over servers, 0 or more; from 1 on, a queue would grow without end.
    pub fn utilisation(&self) -> f64 {
        self.offered() / f64::from(self.servers)
    }

    /// The ward that refuses whom it finds no bed for (M/G/c/c).
    ///
    /// The figures depend on the stay by its mean alone, whatever its distribution. For the share
    /// refused see [`erlang_b`](super::erlang_b).
    ///
    /// Sevastyanov, B. A. (1957): An ergodic theorem for Markov processes and its application to
    /// telephone systems with refusals. Theory of Probability and its Applications 2, 104-112.
    ///
    /// ```
    /// use verbund::queueing::formulas::Station;
    ///
    /// // One bed, one patient a day for a day: half find it taken.
    /// let loss = Station::new(1.0, 1.0, 1)?.loss();
    /// assert_eq!((loss.refused, loss.admitted, loss.census), (0.5, 0.5, 0.5));
    /// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
    /// ```
    pub fn loss(&self) -> Loss {
        let refused = refused(self.offered(), self.servers);
        let census = self.offered() * (1.0 - refused);
        Loss {
            refused,
            admitted: self.arrivals * (1.0 - refused),
            census,
            occupancy: census / f64::from(self.servers),
        }
    }

    /// The queue in which everybody waits as long as it takes, first come first served (M/M/c).
    ///
    /// Holds for exponential service times. Erlang (1917); see [`erlang_c`](super::erlang_c).
    ///
    /// # Errors
    ///
    /// When the offered load is not below the servers.
    ///
    /// ```
    /// use verbund::queueing::formulas::Station;
    ///
    /// // 9 patients an hour, 10 servers of an hour each: 2 of 3 wait, on average 40 minutes.
    /// let wait = Station::new(9.0, 1.0, 10)?.wait()?;
    /// assert!((wait.waits - 0.6687).abs() < 1e-4);
    /// assert!((wait.mean_wait - 0.6687).abs() < 1e-4); // C / (10 - 9)
    /// assert!((wait.mean_queue - 6.0186).abs() < 1e-4); // 9 x mean wait
    /// assert!((wait.quantile(0.9)? - 1.9002).abs() < 1e-4); // ln(0.6687 / 0.1) / (10 - 9)
    /// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
    /// ```
    pub fn wait(&self) -> Result<Wait, FormulaError> {
        let offered = self.offered();
        check_stable(offered, self.servers)?;
        let waits = waiting(offered, self.servers, refused(offered, self.servers));
        // Above 0, as it was checked to be stable.
        let spare = f64::from(self.servers) - offered;
        let mean_queue = waits * offered / spare;
        Ok(Wait {
            waits,
            mean_wait: waits * self.mean_service / spare,
            mean_wait_of_waiting: self.mean_service / spare,
            mean_queue,
            mean_people: mean_queue + offered,
        })
    }

    /// The queue with other scatter of arrivals and service, approximately (G/G/c).
    ///
    /// The variations are standard deviation over mean, 0 or more: of the times between arrivals
    /// (1 when they come at random, 0 by appointment) and of the service times (1 when
    /// exponential). The wait is that of [`Station::wait`] times half the sum of their squares.
    /// Exact when arrivals are at random and there is one server (Pollaczek-Khinchine) or service
    /// is exponential; else good under heavy load.
    ///
    /// Allen, A. O. (1990): Probability, statistics, and queueing theory with computer science
    /// applications. 2nd edition, Academic Press (the formula of Allen and Cunneen).
    ///
    /// # Errors
    ///
    /// When the offered load is not below the servers, or a variation is out of range.
    ///
    /// ```
    /// use verbund::queueing::formulas::Station;
    ///
    /// // Service that always takes the same time halves the wait.
    /// let station = Station::new(9.0, 1.0, 10)?;
    /// let fixed = station.allen_cunneen(1.0, 0.0)?;
    /// assert_eq!(fixed.mean_wait, station.wait()?.mean_wait / 2.0);
    /// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
    /// ```
    pub fn allen_cunneen(
        &self,
        arrival_variation: f64,
        service_variation: f64,
    ) -> Result<ApproximateWait, FormulaError> {
        check_variation("the variation of arrivals", arrival_variation)?;
        check_variation("the variation of service", service_variation)?;
        let scatter = f64::midpoint(arrival_variation.powi(2), service_variation.powi(2));
        let wait = self.wait()?;
        let mean_queue = wait.mean_queue * scatter;
        Ok(ApproximateWait {
            mean_wait: wait.mean_wait * scatter,
            mean_queue,
            mean_people: mean_queue + self.offered(),
        })
    }
}

/// Checks that a standard deviation over a mean is a number from 0 to a million.
fn check_variation(name: &'static str, value: f64) -> Result<(), FormulaError> {
    check((0.0..=1e6).contains(&value), name, value, "a number from 0 to 1,000,000")
}

/// A ward that refuses when it is full.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Loss {
    /// Share of patients who find all beds taken and go elsewhere, 0 to 1; also the share of time
    /// that the ward is full.
    pub refused: f64,
    /// Patients admitted in a unit of time.
    pub admitted: f64,
    /// Mean number of occupied beds, the carried load.
    pub census: f64,
    /// Census over beds, 0 to 1.
    pub occupancy: f64,
}

/// A queue in which everybody waits as long as it takes. Times are in the unit of the station.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Wait {
    /// Share of patients who must wait, 0 to 1.
    pub waits: f64,
    /// Mean wait of all patients, those who need not wait included.
    pub mean_wait: f64,
    /// Mean wait of those who must wait; their wait is exponential. The limit for a load that goes
    /// to 0 when nobody comes.
    pub mean_wait_of_waiting: f64,
    /// Mean number of patients who wait.
    pub mean_queue: f64,
    /// Mean number of patients who wait or are served.
    pub mean_people: f64,
}

impl Wait {
    /// Share of patients, 0 to 1, who wait longer than this time (0 or more).
    ///
    /// # Errors
    ///
    /// When the time is negative or not finite.
    pub fn share_above(&self, time: f64) -> Result<f64, FormulaError> {
        check_amount("the time", time)?;
        Ok(self.waits * (-time / self.mean_wait_of_waiting).exp())
    }

    /// The least time that at least the share `q` of patients (0 to below 1) do not exceed; 0 when
    /// that share need not wait.
    ///
    /// # Errors
    ///
    /// When `q` is out of range.
    pub fn quantile(&self, q: f64) -> Result<f64, FormulaError> {
        check((0.0..1.0).contains(&q), "the quantile", q, "a share from 0 to below 1")?;
        Ok((self.waits / (1.0 - q)).ln().max(0.0) * self.mean_wait_of_waiting)
    }
}

/// An approximated queue. Times are in the unit of the station.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ApproximateWait {
    /// Mean wait of all patients.
    pub mean_wait: f64,
    /// Mean number of patients who wait.
    pub mean_queue: f64,
    /// Mean number of patients who wait or are served.
    pub mean_people: f64,
}
