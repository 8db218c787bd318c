package retention

import "time"

// tolerance is how much longer than its observed age a file may stay before the
// observation is given up: services look at their files every few minutes.
const tolerance = 15 * time.Minute

// Observer learns at what age a server deletes files. A person who deletes some
// does so once, and then they become old again; so an age counts once it was seen
// twice, and until a file becomes older. The zero value has seen nothing.
type Observer struct {
	first, last string // the oldest file at the last look, and the newest
	at          time.Time
	ages        []time.Duration // of the last files that went too early, at most two
}

// See takes in the files that there are.
func (o *Observer) See(files []File, rules Rules, now time.Time) {
	if len(files) == 0 {
		return
	}
	if o.wasReset(files) {
		*o = Observer{}
	}
	o.learn(files, rules, now)
	o.doubt(files, now)
	o.first, o.last, o.at = files[0].Name, files[len(files)-1].Name, now
}

// wasReset says whether the files are others than before: the newest of before
// is always there, unless more than all have gone.
func (o *Observer) wasReset(files []File) bool {
	return o.first != "" && before(files[len(files)-1].Name, o.last)
}

// learn looks at the youngest file that has gone: it ended when the one that is
// the oldest now was begun. Of a log that is limited by its size nothing is learnt,
// as files go at any age.
func (o *Observer) learn(files []File, rules Rules, now time.Time) {
	if rules.Limit > 0 || o.first == "" || files[0].Name == o.first || files[0].Begun.IsZero() {
		return
	}
	ended := files[0].Begun
	if rules.Keep > 0 && now.Sub(ended) >= rules.Keep { // as it is told
		o.ages = nil
		return
	}
	// It was still there at the last look.
	o.ages = append(o.ages, max(o.at.Sub(ended), time.Second))
	o.ages = o.ages[max(0, len(o.ages)-2):]
}

// doubt gives the observations up when a file has become older than they say.
func (o *Observer) doubt(files []File, now time.Time) {
	if len(o.ages) == 0 || len(files) < 2 || files[1].Begun.IsZero() {
		return
	}
	wait := tolerance
	if !o.at.IsZero() {
		wait += now.Sub(o.at)
	}
	if now.Sub(files[1].Begun) > o.longest()+wait {
		o.ages = nil
	}
}

// Age returns at what age files go by what was seen, 0 if they go as the server
// is told.
func (o *Observer) Age() time.Duration {
	if len(o.ages) < 2 {
		return 0
	}
	return o.longest()
}

func (o *Observer) longest() time.Duration {
	var d time.Duration
	for _, a := range o.ages {
		d = max(d, a)
	}
	return d
}
