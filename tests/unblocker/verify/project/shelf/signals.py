from django.dispatch import Signal, receiver

labelled = Signal()
unheard = Signal()


@receiver(labelled)
def print_label(**kwargs):
    pass
