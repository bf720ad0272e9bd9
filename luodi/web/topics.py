"""Which worklists an act touches. A live event carries the worklist's name alone: nobody, nothing clinical."""

# worklist → acts after which its rows may be others; a verb's noun ("prescription") is a topic too
WORKLISTS = {
    "queue": {"visit.register", "visit.cancel", "triage.assess", "ticket.call", "ticket.pass", "ticket.return"}
    | {"ticket.recall", "ticket.start", "ticket.finish", "encounter.open", "encounter.close", "encounter.arrive"}
    | {"ticket.come_back", "ticket.transfer", "queue.split"},
    "board": {"ticket.call", "ticket.recall", "ticket.pass", "ticket.return", "ticket.start", "ticket.finish"}
    | {"visit.register", "visit.cancel", "triage.assess", "ticket.come_back", "ticket.transfer", "queue.split"}
    | {"session.stop", "encounter.close", "encounter.reclass"},
    "triage": {"visit.register", "visit.cancel", "triage.assess", "encounter.arrive", "mass.tag"},
    "mass": {"triage.assess", "ticket.call", "ticket.start", "bed.place", "encounter.close", "identity.correct"},
    "desk": {"visit.register", "triage.assess", "ticket.call", "ticket.start", "prescription.review"}
    | {"prescription.send_back", "encounter.open", "encounter.close"}
    | {"ticket.come_back", "ticket.transfer", "queue.split"},
    "review": {"prescription.sign", "prescription.reply", "prescription.review", "prescription.stop"},
    "verify": {"prescription.review", "ward.verify", "ward.send_back", "prescription.stop"},
    "dispense": {"prescription.review", "ward.verify", "dispense.prepare", "dispense.undo", "prescription.stop"},
    "check": {"dispense.prepare", "dispense.check", "dispense.undo", "prescription.stop"},
    "hand": {"dispense.check", "dispense.hand_over", "prescription.stop"},
    "receive": {"dispense.hand_over", "ward.receive"},
    "ward": {"bed.place", "bed.release", "encounter.reclass", "encounter.close"},
    "rounds": {"ward.receive", "medication.administer", "prescription.stop", "task.request", "bed.place"},
    "stock": {"stock.receive", "stock.adjust", "stock.quarantine", "stock.release", "stock.recall", "dispense.prepare"}
    | {"delivery.inspect", "transfer.send", "transfer.receive", "transfer.cancel", "stocktake.approve"},
    "controlled": {"dispense.prepare", "dispense.undo", "dispense.hand_over", "stock.receive"},
    "breakglass": {"breakglass", "breakglass.review"},
}

# the board on the wall has no login; its topic says that something moved and nothing else
PUBLIC = {"board"}


def touched(verb: str) -> set[str]:
    """The topics of one act."""
    return {verb.partition(".")[0]} | {name for name, verbs in WORKLISTS.items() if verb in verbs}
