package retention

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Rules are by what a server deletes files of its log.
type Rules struct {
	// Keep is how long a file stays after its end, by the variable KeepBy; 0: its
	// age does not matter.
	Keep   time.Duration
	KeepBy string
	// Limit is the size of all files at which the oldest goes, by the variable
	// LimitBy; 0: the size does not matter.
	Limit   uint64
	LimitBy string
	// None says why no file goes by its age.
	None string
}

// Variables are those that RulesOf reads. No server has all of them.
var Variables = []string{
	"binlog_expire_logs_seconds", "expire_logs_days", "binlog_expire_logs_auto_purge", "max_binlog_total_size",
}

// RulesOf reads the rules from a server's variables. A server has seconds, days or
// both; where both are set, the seconds count.
func RulesOf(variables map[string]string) Rules {
	var r Rules
	if limit, err := strconv.ParseUint(variables["max_binlog_total_size"], 10, 64); err == nil && limit > 0 {
		r.Limit, r.LimitBy = limit, "max_binlog_total_size"
	}
	if auto := variables["binlog_expire_logs_auto_purge"]; strings.EqualFold(auto, "OFF") || auto == "0" {
		r.None = "binlog_expire_logs_auto_purge=OFF"
		return r
	}
	for _, v := range []struct {
		name string
		unit time.Duration
	}{{"binlog_expire_logs_seconds", time.Second}, {"expire_logs_days", 24 * time.Hour}} {
		n, err := strconv.ParseFloat(variables[v.name], 64)
		if err == nil && n > 0 {
			return Rules{Keep: time.Duration(n * float64(v.unit)), KeepBy: v.name + "=" + variables[v.name], Limit: r.Limit, LimitBy: r.LimitBy}
		}
		if err == nil {
			r.None = cmp.Or(r.None, v.name+"=0")
		}
	}
	r.None = cmp.Or(r.None, "it has neither binlog_expire_logs_seconds nor expire_logs_days")
	return r
}

// text names the rule for age.
func (r *Rules) text() string { return cmp.Or(r.KeepBy, r.None) }
