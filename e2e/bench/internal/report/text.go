package report

const head = `# Benchmarks

<!-- Written by make bench from benchmarks.json; e2e/bench/internal/report has the text. -->

leat and Debezium, side by side: the same servers, the same data, in turns, on one machine. Repeat it with

` + "```sh" + `
make bench                                                  # all of it, about an hour
go run ./e2e/bench -contenders leat -rows 100000 -rounds 1  # a quick look at leat alone
` + "```" + `

![rows per second, CPU and memory of leat and Debezium](benchmarks.svg)
`

const method = `
## How it is measured

- **In turns.** Each round runs leat, then Debezium, then leat again; every run is a fresh process. The second leat is there to show how far two runs of the same thing lie apart: a difference between the contenders that is not well beyond it means nothing. Figures are medians over the rounds, the least and the most in parentheses.
- **The same work.** One MySQL, one Kafka broker, one schema registry, all on this machine, which the contenders share it with. Both write Avro in Confluent's wire format into a topic of one partition that the benchmark has made, compressed with lz4, and otherwise as they are by default: Debezium in a Kafka Connect worker of its own, on a Java machine with the flags of connect-standalone.sh.
- **Counted at the broker.** Rows are the end offset of the topic, asked for every 20 ms. A run with a record too few or too many is an error, and no figure.
- **rows/s** is from the last moment without a record to the moment of the last one. **start** is the time before that, from the start of the process on. **CPU** is user and system time of all processes, host and plugins, read from /proc, from the start of the process to the moment of the last record; what was used before the first record is given separately, as starting a Java machine is dear and a program that reads ahead does real work by then. **memory** is the sum of the highest resident sets of the processes, which for several processes is never too low.
- **Backlogs** are written while the contender is down: it has stored a position before, in a new log file, and resumes there: the server looks for the place from the beginning of the file. Half of the changes are inserts, half updates.
- **Latency** is from the moment a client sends an autocommitted INSERT to the moment a consumer has the record, so MySQL's own commit is in it. It is taken over all rows, after fifteen seconds of the same load that do not count, and once all of those have arrived. Debezium runs a second time with ` + "`poll.interval.ms=10`" + ` in place of its 500.
`

const profiles = `
## Profiles

` + "`make bench-profile`" + ` runs leat alone on a smaller scale and leaves a CPU and an allocation profile of the host and of each plugin in ` + "`dist/profiles`" + `, one folder a workload. Any leat does the same when the environment variable ` + "`LEAT_PROFILE`" + ` names a folder: the profiles are written there when it stops in order.
`
