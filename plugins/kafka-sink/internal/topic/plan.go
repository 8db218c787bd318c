package topic

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/IBM/sarama"
)

const cleanupPolicy = "cleanup.policy"

// Plan says how missing topics are created.
type Plan struct {
	// Create is false where a person creates them.
	Create bool
	// Default holds for all topics.
	Default Spec
	// Rules refine it; the first that matches counts.
	Rules []Rule
}

// Rule refines the plan for the topics that match.
type Rule struct {
	// Match comes from Pattern.
	Match *regexp.Regexp
	// Spec replaces those numbers of the default that are not zero here, and adds
	// to its configuration.
	Spec Spec
}

// Pattern compiles a pattern that has to match a topic's whole name.
func Pattern(text string) (*regexp.Regexp, error) {
	return regexp.Compile(`^(?:` + text + `)$`)
}

// Spec is what a topic is created with.
type Spec struct {
	// Partitions and Replication are -1 for the broker's default.
	Partitions  int32
	Replication int16
	Config      map[string]string
}

// For returns the spec of a topic. Unless configured otherwise a topic of keyed
// records is compacted, since the last record of a key is the row; one without
// keys must not be, since brokers refuse records without a key there.
func (p Plan) For(name string, keyed bool) Spec {
	s := p.Default
	s.Config = map[string]string{cleanupPolicy: "delete"}
	if keyed {
		s.Config[cleanupPolicy] = "compact"
	}
	maps.Copy(s.Config, p.Default.Config)
	for _, r := range p.Rules {
		if r.Match.MatchString(name) {
			s.refine(r.Spec)
			break
		}
	}
	return s
}

func (s *Spec) refine(by Spec) {
	if by.Partitions != 0 {
		s.Partitions = by.Partitions
	}
	if by.Replication != 0 {
		s.Replication = by.Replication
	}
	maps.Copy(s.Config, by.Config)
}

// Detail returns the spec as sarama takes it.
func (s Spec) Detail() *sarama.TopicDetail {
	entries := make(map[string]*string, len(s.Config))
	for k, v := range s.Config {
		entries[k] = &v
	}
	return &sarama.TopicDetail{NumPartitions: s.Partitions, ReplicationFactor: s.Replication, ConfigEntries: entries}
}

// String returns the spec as it is shown to people.
func (s Spec) String() string {
	parts := []string{"partitions=" + number(int64(s.Partitions)), "replication_factor=" + number(int64(s.Replication))}
	for _, k := range slices.Sorted(maps.Keys(s.Config)) {
		parts = append(parts, k+"="+s.Config[k])
	}
	return strings.Join(parts, " ")
}

func number(n int64) string {
	if n < 0 {
		return "default"
	}
	return strconv.FormatInt(n, 10)
}
