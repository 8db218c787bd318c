package retention

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// File is one file of the log.
type File struct {
	Name string
	Size uint64
	// Begun is when its first event was written; zero if that is not known.
	Begun time.Time
}

// Log is what a server has, and by what it deletes it.
type Log struct {
	// Files, oldest first; the last is being written.
	Files []File
	Rules Rules
	// Observed is an age at which files were seen to go; 0 if none went too early.
	Observed time.Duration
}

// Left is how long a file stays.
type Left struct {
	// For is that time from the moment of the question; 0 if the file may go at any
	// moment, or has gone.
	For time.Duration
	// Counting says whether the time runs out: that of the file being written
	// begins only when that ends.
	Counting bool
	// Gone says that the file has been deleted.
	Gone bool
	// Reason says by which rule, and of what.
	Reason string
}

// Left says how long the log keeps a file. It is false where there is no rule by
// which the file would go, and where what the rule needs is not known; the reason
// says which.
func (l *Log) Left(name string, now time.Time) (Left, bool) {
	i := slices.IndexFunc(l.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return l.missing(name)
	}
	var first *Left
	for _, rule := range []func(int, time.Time) *Left{l.byAge, l.bySize} {
		if r := rule(i, now); r != nil && (first == nil || r.For < first.For) {
			first = r
		}
	}
	if first == nil {
		return Left{Reason: l.unlimited(i)}, false
	}
	return *first, true
}

// missing tells a file that was deleted from one that was begun since the list was made.
func (l *Log) missing(name string) (Left, bool) {
	if len(l.Files) > 0 && before(name, l.Files[0].Name) {
		return Left{Counting: true, Gone: true, Reason: name + ", which is not there any more"}, true
	}
	return Left{Reason: name + " is not among the files of the log"}, false
}

// unlimited says why there is no figure.
func (l *Log) unlimited(i int) string {
	if keep, _ := l.age(); keep > 0 {
		return "it cannot be read when " + l.Files[i+1].Name + " was begun"
	}
	if l.Rules.Limit > 0 && i < len(l.Files)-1 {
		return "it cannot be read when " + l.Files[i].Name + " was begun"
	}
	return "the server deletes no files by itself: " + l.Rules.None
}

// age returns how long files are kept after they end, and says by what; 0 if that
// does not matter.
func (l *Log) age() (keep time.Duration, by string) {
	if l.Observed > 0 && (l.Rules.Keep == 0 || l.Observed < l.Rules.Keep) {
		return l.Observed, "it was seen to delete them at that age, sooner than " + l.Rules.text() + " says"
	}
	return l.Rules.Keep, l.Rules.KeepBy
}

// byAge is nil if age does not matter or is not known.
func (l *Log) byAge(i int, now time.Time) *Left {
	keep, by := l.age()
	if keep == 0 {
		return nil
	}
	f := l.Files[i]
	rule := fmt.Sprintf("the server keeps a file for %s s after its end (%s)", seconds(keep), by)
	if i == len(l.Files)-1 {
		return &Left{For: keep, Reason: fmt.Sprintf("%s is being written; %s", begun(f), rule)}
	}
	end := l.Files[i+1].Begun
	if end.IsZero() {
		return nil
	}
	return &Left{
		For: max(0, end.Add(keep).Sub(now)), Counting: true,
		Reason: fmt.Sprintf("%s ended at %s; %s", begun(f), moment(end), rule),
	}
}

// bySize foresees when the files from this one on will be too large together, by
// what was written since it was begun. It is nil if size does not matter.
func (l *Log) bySize(i int, now time.Time) *Left {
	limit := l.Rules.Limit
	if limit == 0 || i == len(l.Files)-1 { // the file being written stays
		return nil
	}
	f := l.Files[i]
	var size uint64
	for _, f := range l.Files[i:] {
		size += f.Size
	}
	left := &Left{Counting: true}
	left.Reason = fmt.Sprintf("%s and the files behind it have %d bytes; the server keeps %d (%s)", begun(f), size, limit, l.Rules.LimitBy)
	if size >= limit {
		return left
	}
	took := now.Sub(f.Begun)
	if f.Begun.IsZero() || took <= 0 {
		return nil
	}
	left.For = duration(float64(limit-size) * took.Seconds() / float64(size))
	left.Reason += fmt.Sprintf(", and has written %.0f bytes a second since", float64(size)/took.Seconds())
	return left
}

// duration is longest where the seconds are too many for one.
func duration(seconds float64) time.Duration {
	const longest = 1 << 32 // seconds, 136 years
	return time.Duration(min(seconds, longest)*1e3) * time.Millisecond
}

func begun(f File) string {
	if f.Begun.IsZero() {
		return f.Name
	}
	return f.Name + ", begun at " + moment(f.Begun) + ","
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }
