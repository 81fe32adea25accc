package sknet.train;

import java.util.List;

/** Several observers, told one after the other. */
record TrainingObservers(List<TrainingObserver> all) implements TrainingObserver {

    @Override
    public void started(long step, long totalSteps, Resumed resumed) {
        all.forEach(observer -> observer.started(step, totalSteps, resumed));
    }

    @Override
    public void placed(List<Place> replicas) {
        all.forEach(observer -> observer.placed(replicas));
    }

    @Override
    public void stepped(StepMetrics metrics) {
        all.forEach(observer -> observer.stepped(metrics));
    }

    @Override
    public void checkpointed(String path) {
        all.forEach(observer -> observer.checkpointed(path));
    }

    @Override
    public void passedOver(String message) {
        all.forEach(observer -> observer.passedOver(message));
    }

    @Override
    public void corrupt(String finding) {
        all.forEach(observer -> observer.corrupt(finding));
    }

    @Override
    public void restarting(int restart, Throwable cause) {
        all.forEach(observer -> observer.restarting(restart, cause));
    }
}
