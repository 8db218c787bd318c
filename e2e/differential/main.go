// The differential judge runs Kafka Connect with Debezium's MySQL connector beside leat, on the
// same server and the same log, and compares all that they write.
//
//	go run ./e2e/differential                    all cases of e2e/differential/cases
//	go run ./e2e/differential -case types-json   one, by name; a pattern such as 'types-*'
//	go run ./e2e/differential -rounds 20         cases made at random, by the seed that it prints
//	go run ./e2e/differential -seed 7 -rounds 1  those of a seed again
//	go run ./e2e/differential -case '*' -rounds 10 both
//	go run ./e2e/differential -servers           start the servers and keep them, for other runs
//
// It ends with 1 if there is a difference that docs/differences.md does not explain.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(judgeCases()) }

// judgeCases returns the exit code.
func judgeCases() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var o options
	flag.StringVar(&o.pattern, "case", "", "which cases to run: a name or a pattern; all, or none beside random ones, if there is none")
	flag.IntVar(&o.parallel, "parallel", 3, "how many to run side by side")
	flag.BoolVar(&o.verbose, "v", false, "show every difference, not only the first of a case")
	flag.BoolVar(&o.servers, "servers", false, "start the servers and keep them until interrupted; other runs find and use them")
	flag.Uint64Var(&o.seed, "seed", 0, "seed of the cases to make at random; 0 chooses one")
	flag.Uint64Var(&o.rounds, "rounds", 0, "how many cases to make at random; 10 with a seed")
	flag.Parse()
	different, err := o.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if different > 0 {
		return 1
	}
	return 0
}
